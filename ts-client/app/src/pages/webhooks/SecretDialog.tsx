import { Button, Group, Modal, Text } from '@mantine/core';

import type { Webhook } from '../../api';
import { Code } from '../../parts/Code';

interface Props {
  /** The answer that has the secret; absent while the dialog is shut. */
  webhook: Webhook | undefined;
  title: string;
  /** What else there is to know. */
  text?: string;
  onClose(): void;
}

/** Shows a secret, this once. A click beside the dialog does not shut it. */
export function SecretDialog({ webhook, title, text, onClose }: Props) {
  return (
    <Modal
      opened={webhook !== undefined}
      onClose={onClose}
      title={title}
      centered
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
      // The page has its one header; this is the head of a dialog.
      attributes={{ header: { role: 'presentation' } }}
    >
      <Text size="sm" mb="sm" style={{ overflowWrap: 'anywhere' }}>
        This secret signs what {webhook?.url} is sent. Give it to the receiver now: it is not shown again. {text}
      </Text>
      <Code text={webhook?.secret ?? ''} what="secret" />
      <Group justify="flex-end" mt="lg">
        <Button size="xs" onClick={onClose}>
          I have it
        </Button>
      </Group>
    </Modal>
  );
}
