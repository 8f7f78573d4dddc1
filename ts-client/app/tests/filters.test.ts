import { describe, expect, test } from 'vitest';

import { matches, parseSearch, readFilters, writeSearch } from '../src/pages/tasks/filters';
import { taskLike } from './tasks';

describe('an address', () => {
  test('is read as the filters it was written from', () => {
    const filters = { state: ['running' as const, 'queued' as const], kind: 'exec', label: ['team=a=b'], error_type: ['timeout', 'broken'], q: '1' };
    const address = writeSearch(filters);
    expect(address).toBe('?state=running&state=queued&kind=exec&label=team%3Da%3Db&error_type=timeout&error_type=broken&q=1');
    expect(readFilters(parseSearch(address))).toEqual(filters);
  });

  test('with what is no filter shows everything', () => {
    expect(readFilters(parseSearch('?state=flying&label=bare&kind=&page=3'))).toEqual({});
    expect(writeSearch({})).toBe('');
  });
});

describe('a task', () => {
  const task = taskLike({ id: 'Nightly-7', kind: 'report.build', labels: { team: 'a=b', run: '1' }, state: 'running' });

  test('matches when all parts do', () => {
    expect(matches(task, {})).toBe(true);
    expect(matches(task, { state: ['queued', 'running'], queue: 'default', label: ['team=a=b', 'run=1'] })).toBe(true);
  });

  test.each([
    [{ state: ['failed' as const] }],
    [{ queue: 'other' }],
    [{ kind: 'report' }],
    [{ label: ['run=1', 'team=x'] }],
    [{ q: 'weekly' }],
    [{ parent: 'other' }],
    [{ schedule: 'other' }],
    [{ created_after: '2026-11-22T09:00:00Z' }],
  ])('does not match %j', (filters) => {
    expect(matches(task, filters)).toBe(false);
  });

  test('matches by its parent and by when it was created', () => {
    expect(matches(taskLike({ id: 'a', parent_id: 'p' }), { parent: 'p', created_after: '2026-11-22T08:59:59Z' })).toBe(true);
  });

  test('matches by the schedule that submitted it', () => {
    expect(readFilters(parseSearch('?schedule=nightly'))).toEqual({ schedule: 'nightly' });
    expect(matches(taskLike({ id: 'a', schedule_id: 'nightly' }), { schedule: 'nightly' })).toBe(true);
  });

  test('matches by the error it ended with, not by that of an attempt before', () => {
    const failed = taskLike({ id: 'a', state: 'failed', error: { type: 'timeout' } });
    expect(matches(failed, { error_type: ['broken', 'timeout'] })).toBe(true);
    expect(matches(failed, { error_type: ['broken'] })).toBe(false);
    expect(matches(task, { error_type: ['timeout'] })).toBe(false);
    const retrying = taskLike({ id: 'a', state: 'retrying', error: { type: 'timeout' } });
    expect(matches(retrying, { error_type: ['timeout'] })).toBe(false);
  });

  test('is found by a part of its id or kind, whatever the case', () => {
    expect(matches(task, { q: 'nightLY' })).toBe(true);
    expect(matches(task, { q: 'BUILD' })).toBe(true);
  });
});
