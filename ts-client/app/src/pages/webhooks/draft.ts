// What stands in a webhook's form, and the way from there to a request.

import type { NewWebhook, Webhook, WebhookChange, WebhookEvent } from '../../api';
import { firstName } from '../../parts/refusal';
import { isLabel } from '../tasks/filters';
import { EVENTS } from './words';

export interface Draft {
  url: string;
  events: WebhookEvent[];
  queue: string;
  kind: string;
  /** `key=value` each. */
  labels: string[];
  description: string;
  /** Only of one that is made: later it is rotated. */
  secret: string;
}

/** The form for a webhook, or for a new one. */
export function draftOf(webhook: Webhook | undefined): Draft {
  return {
    url: webhook?.url ?? '',
    events: [...(webhook?.events ?? EVENTS)],
    queue: webhook?.queue ?? '',
    kind: webhook?.kind ?? '',
    labels: Object.entries(webhook?.labels ?? {}).map(([key, value]) => `${key}=${value}`),
    description: webhook?.description ?? '',
    secret: '',
  };
}

export const validate = {
  url: (url: string) => (url.trim() === '' ? 'Say where the messages go' : null),
  labels: (labels: string[]) => (labels.every(isLabel) ? null : 'Each is a key, = and a value'),
};

/** The webhook a valid draft stands for; what was left empty is left out. */
export function toRequest({ secret, ...draft }: Draft): NewWebhook {
  const { queue, kind, description, ...change } = toChange(draft);
  return {
    ...change,
    url: draft.url.trim(),
    ...(queue !== null && { queue }),
    ...(kind !== null && { kind }),
    ...(description !== null && { description }),
    ...(secret.trim() !== '' && { secret: secret.trim() }),
  };
}

type Said = Required<Omit<WebhookChange, 'enabled'>>;

/** The change that makes a webhook what a valid draft says: what was emptied is taken away. */
export function toChange(draft: Omit<Draft, 'secret'>): Said {
  return {
    url: draft.url.trim(),
    events: EVENTS.filter((event) => draft.events.includes(event)),
    queue: orNull(draft.queue),
    kind: orNull(draft.kind),
    labels: Object.fromEntries(
      draft.labels.map((label) => {
        const at = label.indexOf('=');
        return [label.slice(0, at).trim(), label.slice(at + 1)];
      }),
    ),
    description: orNull(draft.description),
  };
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

const names = new Set<string>(Object.keys(draftOf(undefined)));

/** The form's field for a field of the request. */
export function placeOf(field: string): string | undefined {
  const name = firstName(field);
  return names.has(name) ? name : undefined;
}
