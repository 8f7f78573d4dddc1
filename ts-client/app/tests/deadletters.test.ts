import { expect, test } from 'vitest';

import { filtersOf, groupByError, readDeadLetters, toggled } from '../src/pages/deadletters/search';
import { taskLike } from './tasks';

test('an address says which dead letters are shown, whatever state it names', () => {
  const search = readDeadLetters({ state: 'running', queue: 'mail', error_type: 'timeout', created_after: '2026-11-22T00:00:00.000Z' });
  expect(search).toEqual({ queue: 'mail', error_type: ['timeout'], created_after: '2026-11-22T00:00:00.000Z' });
  expect(filtersOf(search)).toEqual({ ...search, state: ['failed'] });
  expect(readDeadLetters({ created_after: 'yesterday', error: '' })).toEqual({});
  expect(readDeadLetters({ error: 'timeout' }), 'an address of 0.3.0').toEqual({ error_type: ['timeout'] });
});

test('an error is chosen by one press and let go by another', () => {
  expect(toggled([], 'timeout')).toEqual(['timeout']);
  expect(toggled(['timeout'], 'broken')).toEqual(['timeout', 'broken']);
  expect(toggled(['timeout', 'broken'], 'timeout')).toEqual(['broken']);
});

test('errors are counted by type, the most frequent first', () => {
  const failed = (id: string, type: string, title?: string) =>
    taskLike({ id, state: 'failed', error: { type, ...(title !== undefined && { title }) } });
  expect(groupByError([failed('a', 'broken'), failed('b', 'timeout', 'It took too long'), failed('c', 'timeout'), taskLike({ id: 'd' })])).toEqual([
    { type: 'timeout', title: 'It took too long', count: 2 },
    { type: 'broken', title: undefined, count: 1 },
  ]);
});
