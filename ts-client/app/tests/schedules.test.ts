import { describe, expect, test } from 'vitest';

import type { Schedule } from '../src/api';
import { cronInWords } from '../src/pages/schedules/cron';
import { draftOf, placeOf, toChange, toRequest } from '../src/pages/schedules/draft';

const schedule: Schedule = {
  id: 'nightly',
  cron: '0 3 * * *',
  time_zone: 'UTC',
  overlap: 'skip',
  paused: false,
  task: { kind: 'report', queue: 'default', priority: 7, input: { n: 1 } },
  created_at: '2026-11-22T09:00:00.000Z',
  updated_at: '2026-11-22T09:00:00.000Z',
  links: { self: '/api/v1/schedules/nightly', run: '/api/v1/schedules/nightly/run' },
};

describe('a rule in words', () => {
  test.each([
    ['30 9 * * MON-FRI', 'At 09:30, Monday through Friday'],
    ['* * * * * *', 'Every second'],
    ['@daily', 'At 00:00'],
  ])('%s', (rule, words) => expect(cronInWords(rule)).toBe(words));

  test('is not there for what is no rule', () => {
    for (const rule of ['', '99 * * * *', 'tomorrow', '0 0 1 1 * * 2030']) expect(cronInWords(rule)).toBeUndefined();
  });
});

describe('a draft of a schedule', () => {
  test('carries what was typed', () => {
    const draft = { ...draftOf(undefined), id: ' tick ', cron: ' * * * * * * ', kind: 'tick', input: '[1]' };
    expect(toRequest(draft)).toEqual({
      id: 'tick',
      cron: '* * * * * *',
      time_zone: 'UTC',
      overlap: 'skip',
      task: { kind: 'tick', queue: 'default', input: [1] },
    });
  });

  test('that leaves the task alone sends none', () => {
    expect(toChange({ ...draftOf(schedule), cron: '0 4 * * *' }, schedule)).toEqual({
      cron: '0 4 * * *',
      time_zone: 'UTC',
      overlap: 'skip',
    });
  });

  test('that changes the task keeps what the form does not show, and takes out what was emptied', () => {
    expect(toChange({ ...draftOf(schedule), input: '', queue: 'mail' }, schedule).task).toEqual({
      kind: 'report',
      queue: 'mail',
      priority: 7,
    });
  });
});

test('what is said of the task is shown at its field', () => {
  expect([placeOf('cron'), placeOf('task.kind'), placeOf('task.input.a[0]'), placeOf('task.priority')]).toEqual([
    'cron',
    'kind',
    'input',
    undefined,
  ]);
});
