import { expect, test } from 'vitest';

import { filtersOf, groupByError, readDeadLetters } from '../src/pages/deadletters/search';
import { taskLike } from './tasks';

test('an address says which dead letters are shown, whatever state it names', () => {
  const search = readDeadLetters({ state: 'running', queue: 'mail', error: 'timeout', created_after: '2026-11-22T00:00:00.000Z' });
  expect(search).toEqual({ queue: 'mail', error: 'timeout', created_after: '2026-11-22T00:00:00.000Z' });
  expect(filtersOf(search)).toEqual({ queue: 'mail', created_after: '2026-11-22T00:00:00.000Z', state: ['failed'] });
  expect(readDeadLetters({ created_after: 'yesterday', error: '' })).toEqual({});
});

test('errors are counted by type, the most frequent first', () => {
  const failed = (id: string, type: string, title?: string) =>
    taskLike({ id, state: 'failed', error: { type, ...(title !== undefined && { title }) } });
  expect(groupByError([failed('a', 'broken'), failed('b', 'timeout', 'It took too long'), failed('c', 'timeout'), taskLike({ id: 'd' })])).toEqual([
    { type: 'timeout', title: 'It took too long', count: 2 },
    { type: 'broken', title: undefined, count: 1 },
  ]);
});
