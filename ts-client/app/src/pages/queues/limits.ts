// What stands in the form of a queue's limits, and the way from there to a change. Empty means no
// limit, and no default of the queue's own.

import type { Queue, QueueChange, Retention, TaskDefaults } from '../../api';

type Amount = number | string;

export const DEFAULTS = [
  'max_attempts',
  'timeout_seconds',
  'backoff_base_seconds',
  'backoff_max_seconds',
  'stalled_after_seconds',
  'retention_seconds',
] as const satisfies (keyof TaskDefaults)[];

export const RETENTION = [
  'task_seconds',
  'body_seconds',
  'event_seconds',
  'progress_seconds',
] as const satisfies (keyof Retention)[];

export interface Limits extends Record<(typeof DEFAULTS)[number] | (typeof RETENTION)[number], Amount> {
  name: string;
  max_concurrency: Amount;
  max_concurrency_per_key: Amount;
  rate: Amount;
  rate_period: Amount;
  rate_burst: Amount;
}

/** The form for a queue, or for one that is yet to be named. */
export function limitsOf(queue: Queue | undefined): Limits {
  const rate = queue?.rate_limit;
  const defaults = Object.fromEntries(DEFAULTS.map((name) => [name, queue?.defaults[name] ?? ''])) as Record<
    (typeof DEFAULTS)[number],
    Amount
  >;
  const retention = Object.fromEntries(RETENTION.map((name) => [name, queue?.retention[name] ?? ''])) as Record<
    (typeof RETENTION)[number],
    Amount
  >;
  return {
    name: queue?.name ?? '',
    max_concurrency: queue?.max_concurrency ?? '',
    max_concurrency_per_key: queue?.max_concurrency_per_key ?? 1,
    rate: rate?.limit ?? '',
    rate_period: rate?.period_seconds ?? '',
    rate_burst: rate?.burst ?? '',
    ...defaults,
    ...retention,
  };
}

const number = (amount: Amount): number | undefined => (amount === '' ? undefined : Number(amount));

/** The change that makes a queue what the form says. */
export function changeOf(limits: Limits): QueueChange {
  const rate = [limits.rate, limits.rate_period, limits.rate_burst].some((amount) => amount !== '');
  const burst = number(limits.rate_burst);
  const perKey = number(limits.max_concurrency_per_key);
  const defaults: TaskDefaults = {};
  for (const name of DEFAULTS) {
    const value = number(limits[name]);
    if (value !== undefined) defaults[name] = value;
  }
  const retention: Retention = {};
  for (const name of RETENTION) {
    const value = number(limits[name]);
    if (value !== undefined) retention[name] = value;
  }
  return {
    max_concurrency: number(limits.max_concurrency) ?? null,
    max_concurrency_per_key: perKey ?? 1,
    rate_limit: rate
      ? {
          // Nothing typed is nothing allowed, which the server refuses at its field.
          limit: number(limits.rate) ?? 0,
          period_seconds: number(limits.rate_period) ?? 1,
          ...(burst !== undefined && { burst }),
        }
      : null,
    defaults,
    retention,
  };
}

const RATE: Record<string, keyof Limits> = {
  rate_limit: 'rate',
  'rate_limit.limit': 'rate',
  'rate_limit.period_seconds': 'rate_period',
  'rate_limit.burst': 'rate_burst',
};

/** The form's field for a field of the request. */
export function placeOf(field: string): keyof Limits | undefined {
  const name = field.replace(/^(defaults|retention)\./, '');
  return RATE[field] ?? (name in limitsOf(undefined) ? (name as keyof Limits) : undefined);
}

/** A queue's limits in a few words. */
export function inWords(queue: Queue): string[] {
  const { max_concurrency, max_concurrency_per_key, rate_limit } = queue;
  const words: string[] = [];
  if (max_concurrency !== undefined) words.push(`${max_concurrency} at once`);
  if (max_concurrency_per_key !== 1) words.push(`${max_concurrency_per_key} per key`);
  if (rate_limit !== undefined) {
    const { limit, period_seconds } = rate_limit;
    words.push(`${limit} in ${period_seconds === 1 ? 'a second' : `${period_seconds}s`}`);
  }
  return words;
}
