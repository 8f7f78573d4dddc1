// All webhooks: whom the end of tasks is told to, and whether it is.

import { Button, Stack } from '@mantine/core';
import { useWebhooks } from '@milepost/client/react';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';

import type { Webhook } from '../../api';
import { Blank } from '../../parts/Blank';
import { ListPanel } from '../../parts/ListPanel';
import { PageHead } from '../../parts/PageHead';
import { useTitle } from '../../parts/useTitle';
import { SecretDialog } from './SecretDialog';
import { WebhookDrawer } from './WebhookDrawer';
import { WebhookTable } from './WebhookTable';

export function WebhooksPage() {
  useTitle('Webhooks');
  const { webhooks, ...list } = useWebhooks();
  const [editing, setEditing] = useState<Webhook | 'new'>();
  const [made, setMade] = useState<Webhook>();
  const create = () => setEditing('new');
  const changed = () => void list.refetch();
  return (
    <Stack gap="md">
      <PageHead title="Webhooks" text="Whom the end of tasks is told to, by a signed POST.">
        <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={create}>
          Create a webhook
        </Button>
      </PageHead>
      <ListPanel
        what="webhooks"
        {...list}
        empty={webhooks.length === 0}
        blank={
          <Blank
            icon={<IconWebhook size={36} stroke={1.4} aria-hidden />}
            title="No webhooks yet"
            text="A webhook is told when tasks succeed, fail or are cancelled. What could not be told is tried again for three days."
          >
            <Button variant="default" onClick={create}>
              Create a webhook
            </Button>
          </Blank>
        }
      >
        <WebhookTable webhooks={webhooks} onEdit={setEditing} onChanged={changed} />
      </ListPanel>
      <WebhookDrawer
        webhook={editing}
        onClose={() => setEditing(undefined)}
        onDone={(webhook) => {
          changed();
          if (webhook.secret !== undefined) setMade(webhook);
        }}
      />
      <SecretDialog webhook={made} title="The webhook is made" onClose={() => setMade(undefined)} />
    </Stack>
  );
}
