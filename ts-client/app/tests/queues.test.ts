import { expect, test } from 'vitest';

import type { Queue } from '../src/api';
import { changeOf, inWords, limitsOf, placeOf } from '../src/pages/queues/limits';

const queue: Queue = {
  name: 'mail',
  paused: false,
  max_concurrency: 4,
  max_concurrency_per_key: 2,
  rate_limit: { limit: 100, period_seconds: 60 },
  defaults: { max_attempts: 5 },
  retention: { task_seconds: 86400 },
  counts: { scheduled: 0, queued: 0, running: 0, retrying: 0, succeeded: 0, failed: 0, cancelled: 0 },
  parked: 0,
  links: { self: '/api/v1/queues/mail', tasks: '/api/v1/tasks?queue=mail' },
};

test('a form that nobody touched asks for what is there', () => {
  expect(changeOf(limitsOf(queue))).toEqual({
    max_concurrency: 4,
    max_concurrency_per_key: 2,
    rate_limit: { limit: 100, period_seconds: 60 },
    defaults: { max_attempts: 5 },
    retention: { task_seconds: 86400 },
  });
});

test('what is emptied is taken away', () => {
  const emptied = { ...limitsOf(queue), max_concurrency: '', max_concurrency_per_key: '', rate: '', rate_period: '', max_attempts: '', task_seconds: '' };
  expect(changeOf(emptied)).toEqual({
    max_concurrency: null,
    max_concurrency_per_key: 1,
    rate_limit: null,
    defaults: {},
    retention: {},
  });
});

test('a burst without a rate is sent as no rate at all, which the server refuses at its field', () => {
  const change = changeOf({ ...limitsOf(queue), rate: '', rate_burst: 5 });
  expect(change.rate_limit).toEqual({ limit: 0, period_seconds: 60, burst: 5 });
});

test('what is refused is shown at its field', () => {
  expect(['max_concurrency', 'rate_limit.burst', 'defaults.timeout_seconds', 'retention.body_seconds', 'paused'].map(placeOf)).toEqual([
    'max_concurrency',
    'rate_burst',
    'timeout_seconds',
    'body_seconds',
    undefined,
  ]);
});

test('limits are said in a few words', () => {
  expect(inWords(queue)).toEqual(['4 at once', '2 per key', '100 in 60s']);
});
