import { Menu } from '@mantine/core';
import { IconKey, IconPlayerPause, IconPlayerPlay, IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { milepost, type Webhook } from '../../api';
import { Confirm } from '../../parts/Confirm';
import { sayDone } from '../../parts/notices';
import { MoreActions, RowAction } from '../../parts/RowActions';
import { SecretDialog } from './SecretDialog';
import { TestDialog } from './TestDialog';

interface Props {
  webhook: Webhook;
  onEdit(webhook: Webhook): void;
  onChanged(): void;
  onDeleted(): void;
}

export function WebhookActions({ webhook, onEdit, onChanged, onDeleted }: Props) {
  const { id, url, enabled } = webhook;
  const [asking, setAsking] = useState<'disable' | 'rotate' | 'test'>();
  const [rotated, setRotated] = useState<Webhook>();
  const close = () => setAsking(undefined);
  const enable = useMutation({
    mutationFn: (next: boolean) => milepost.webhooks.update(id, { enabled: next }),
    onSettled: onChanged,
  });
  const rotate = useMutation({
    mutationFn: () => milepost.webhooks.rotateSecret(id),
    onSuccess: setRotated,
    onSettled: onChanged,
  });
  const remove = useMutation({
    mutationFn: () => milepost.webhooks.delete(id),
    onSuccess: () => {
      onDeleted();
      sayDone('The webhook is deleted.');
    },
  });
  return (
    <>
      <RowAction
        word="Test"
        icon={<IconSend size={14} aria-hidden />}
        label={`Send a test to ${url}`}
        loading={false}
        onClick={() => setAsking('test')}
      />
      {enabled ? (
        <RowAction
          word="Disable"
          icon={<IconPlayerPause size={14} aria-hidden />}
          label={`Disable ${url}`}
          loading={enable.isPending}
          onClick={() => setAsking('disable')}
        />
      ) : (
        <RowAction
          word="Enable"
          icon={<IconPlayerPlay size={14} aria-hidden />}
          label={`Enable ${url}`}
          loading={enable.isPending}
          onClick={() => enable.mutate(true)}
        />
      )}
      <MoreActions
        name={url}
        what="webhook"
        text="Nothing is told any more. What waits to be delivered is cancelled."
        deleting={remove.isPending || rotate.isPending}
        onEdit={() => onEdit(webhook)}
        onDelete={() => remove.mutate()}
      >
        <Menu.Item leftSection={<IconKey size={15} aria-hidden />} onClick={() => setAsking('rotate')}>
          Rotate secret
        </Menu.Item>
      </MoreActions>
      <Confirm
        opened={asking === 'disable'}
        title="Disable this webhook?"
        text="What waits to be delivered is cancelled, and what ends meanwhile is not told later."
        action="Disable the webhook"
        dismiss="Leave it"
        onConfirm={() => enable.mutate(false)}
        onClose={close}
      />
      <Confirm
        opened={asking === 'rotate'}
        title="Give it another secret?"
        text="Both secrets sign for 24 hours: change the receiver over in that time."
        action="Rotate the secret"
        dismiss="Keep this one"
        onConfirm={() => rotate.mutate()}
        onClose={close}
      />
      <SecretDialog
        webhook={rotated}
        title="The secret is rotated"
        text="The one before signs on for 24 hours."
        onClose={() => setRotated(undefined)}
      />
      {asking === 'test' && <TestDialog webhook={webhook} onClose={close} />}
    </>
  );
}
