// One webhook: what it is told, and what became of that.

import { Button, Skeleton, Stack } from '@mantine/core';
import { useWebhook } from '@milepost/client/react';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';

import { explain, isMissing, type Webhook } from '../../api';
import { moment } from '../../live/format';
import { Blank } from '../../parts/Blank';
import { Copy } from '../../parts/Copy';
import { PageHead } from '../../parts/PageHead';
import { useTitle } from '../../parts/useTitle';
import { Deliveries } from './Deliveries';
import { Enabled } from './Enabled';
import { WebhookActions } from './WebhookActions';
import { WebhookDrawer } from './WebhookDrawer';
import classes from './webhooks.module.css';
import { eventsInWords, tasksInWords } from './words';

export function WebhookPage() {
  const { id } = useParams({ from: '/webhooks/$id' });
  // A webhook's page keeps nothing from the one before.
  return <OneWebhook key={id} id={id} />;
}

function OneWebhook({ id }: { id: string }) {
  const { webhook, error, refetch } = useWebhook(id);
  const [editing, setEditing] = useState<Webhook>();
  const navigate = useNavigate();
  useTitle('Webhook');
  if (isMissing(error) || (webhook === undefined && error !== undefined)) {
    return (
      <section className="panel">
        <Blank
          whole
          role="status"
          icon={<IconMapQuestion size={36} stroke={1.4} aria-hidden />}
          title={isMissing(error) ? 'There is no such webhook' : 'The webhook could not be loaded'}
          text={isMissing(error) ? `None has the id ${id}. It may have been deleted.` : explain(error)}
        >
          <Button component={Link} to="/webhooks" variant="default">
            All webhooks
          </Button>
        </Blank>
      </section>
    );
  }
  if (webhook === undefined) return <Skeleton height={220} radius="md" role="status" aria-label="Loading the webhook" />;
  const changed = () => void refetch();
  return (
    <Stack gap="md">
      <PageHead title={webhook.description ?? 'Webhook'} text={webhook.url}>
        <div className={classes.actions}>
          <WebhookActions
            webhook={webhook}
            onEdit={setEditing}
            onChanged={changed}
            onDeleted={() => void navigate({ to: '/webhooks' })}
          />
        </div>
      </PageHead>
      <Settings webhook={webhook} />
      <Deliveries webhook={webhook} />
      <WebhookDrawer webhook={editing} onClose={() => setEditing(undefined)} onDone={changed} />
    </Stack>
  );
}

function Settings({ webhook }: { webhook: Webhook }) {
  return (
    <section className="panel" aria-label="Settings">
      <dl className={classes.facts}>
        <Fact name="State">
          <Enabled webhook={webhook} />
        </Fact>
        <Fact name="Told of">{eventsInWords(webhook.events)}</Fact>
        <Fact name="Tasks">{tasksInWords(webhook) ?? 'all'}</Fact>
        <Fact name="Id">
          <span className={classes.id}>
            <span className="mono">{webhook.id}</span>
            <Copy value={webhook.id} what="Copy webhook id" size="xs" />
          </span>
        </Fact>
        <Fact name="Created">{moment(webhook.created_at)}</Fact>
        <Fact name="Changed">{moment(webhook.updated_at)}</Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
