// What a webhook is told, in words.

import type { Webhook, WebhookEvent } from '../../api';

export const EVENTS = ['task.succeeded', 'task.failed', 'task.cancelled'] as const satisfies WebhookEvent[];

const ends: Record<WebhookEvent, string> = {
  'task.succeeded': 'succeeded',
  'task.failed': 'failed',
  'task.cancelled': 'cancelled',
};

/** Which ends: `Any end`, `Failed or cancelled`. Those of a newer server are shown as they come. */
export function eventsInWords(events: readonly WebhookEvent[]): string {
  if (EVENTS.every((event) => events.includes(event))) return 'Any end';
  const words = events.map((event) => ends[event] ?? event).join(' or ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Of which tasks: `of the kind mail, in the queue bulk, with team=render`; of all of them, nothing. */
export function tasksInWords({ queue, kind, labels }: Pick<Webhook, 'queue' | 'kind' | 'labels'>): string | undefined {
  const words = [
    kind !== undefined && `of the kind ${kind}`,
    queue !== undefined && `in the queue ${queue}`,
    ...Object.entries(labels).map(([key, value]) => `with ${key}=${value}`),
  ].filter(Boolean);
  return words.length === 0 ? undefined : words.join(', ');
}
