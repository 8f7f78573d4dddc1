import { Anchor, Button, Group, Modal, Text } from '@mantine/core';
import { useTask } from '@milepost/client/react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { explain, milepost, type Task, type Webhook } from '../../api';
import { Code } from '../../parts/Code';
import { Refused } from '../../parts/Refused';
import { StateBadge } from '../../parts/StateBadge';

/** Sends one message, and shows what comes of it. */
export function TestDialog({ webhook: { id, url }, onClose }: { webhook: Webhook; onClose(): void }) {
  // The dialog shows a refusal itself.
  const { mutate: send, data: sent, error: refusal, isPending } = useMutation({
    mutationFn: () => milepost.webhooks.test(id),
    meta: { quiet: true },
  });
  const { task = sent, error } = useTask(sent?.id);
  const failed = refusal ?? error ?? undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Send a test"
      centered
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      // The page has its one header; this is the head of a dialog.
      attributes={{ header: { role: 'presentation' } }}
    >
      <Text size="sm" mb="md" style={{ overflowWrap: 'anywhere' }}>
        One message of the type <span className="mono">webhook.test</span> goes to {url}. It is not tried again.
      </Text>
      <div role="status" data-testid="test-outcome">
        {task !== undefined && <Outcome task={task} />}
      </div>
      {task?.error?.detail !== undefined && <Code text={task.error.detail} what="error detail" maxHeight={200} />}
      <Refused title={sent === undefined ? 'Not sent' : 'Not live any more'} text={failed === undefined ? undefined : explain(failed)} />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button size="xs" variant="default" onClick={onClose}>
          Close
        </Button>
        <Button size="xs" loading={isPending || task?.done === false} onClick={() => send()}>
          {sent === undefined ? 'Send it' : 'Send another'}
        </Button>
      </Group>
    </Modal>
  );
}

function Outcome({ task }: { task: Task }) {
  return (
    <Group gap="xs" mb="xs">
      <StateBadge state={task.state} />
      <Text size="sm">{saying(task)}</Text>
      <Anchor size="sm" renderRoot={(props) => <Link {...props} to="/tasks/$id" params={{ id: task.id }} />}>
        The delivery
      </Anchor>
    </Group>
  );
}

function saying({ state, error }: Task): string {
  if (state === 'succeeded') return 'The receiver took it.';
  if (error !== undefined) return `${error.title ?? error.type}.`;
  return 'On its way.';
}
