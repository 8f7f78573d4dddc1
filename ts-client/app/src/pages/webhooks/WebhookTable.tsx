import { Link } from '@tanstack/react-router';

import type { Webhook } from '../../api';
import { ActionsHead, RowActions } from '../../parts/RowActions';
import { Enabled } from './Enabled';
import { WebhookActions } from './WebhookActions';
import classes from './webhooks.module.css';
import { eventsInWords, tasksInWords } from './words';

interface Props {
  webhooks: readonly Webhook[];
  onEdit(webhook: Webhook): void;
  onChanged(): void;
}

export function WebhookTable({ webhooks, onEdit, onChanged }: Props) {
  return (
    <table>
      <caption>Webhooks, oldest first</caption>
      <thead>
        <tr>
          <th scope="col">Webhook</th>
          <th scope="col">Told of</th>
          <th scope="col">State</th>
          <ActionsHead />
        </tr>
      </thead>
      <tbody>
        {webhooks.map((webhook) => (
          <tr key={webhook.id} data-testid="webhook-row" data-webhook={webhook.id}>
            <th scope="row" className={classes.name}>
              <Link to="/webhooks/$id" params={{ id: webhook.id }} title={webhook.url}>
                {webhook.url}
              </Link>
              {webhook.description !== undefined && <div className={classes.under}>{webhook.description}</div>}
            </th>
            <td>
              {eventsInWords(webhook.events)}
              <div className={classes.under}>{tasksInWords(webhook) ?? 'of all tasks'}</div>
            </td>
            <td>
              <Enabled webhook={webhook} />
            </td>
            <RowActions>
              <WebhookActions webhook={webhook} onEdit={onEdit} onChanged={onChanged} onDeleted={onChanged} />
            </RowActions>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
