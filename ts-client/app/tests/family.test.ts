import { describe, expect, test, vi } from 'vitest';

import { stepOf } from '../src/pages/task/family/FamilyTree';
import { type Branch, MOST_ROWS, type Row, rowsOf } from '../src/pages/task/family/rows';
import { readFamily, statesOf } from '../src/pages/task/family/search';
import { taskLike } from './tasks';

const counts = { total: 2, done: 0, succeeded: 0, failed: 0, cancelled: 0 };

function branch(ids: string[], part: Partial<Branch> = {}): Branch {
  return {
    tasks: ids.map((id) => taskLike({ id, ...(id.startsWith('p') && { children: counts }) })),
    hasMore: false,
    loading: false,
    error: undefined,
    ...part,
  };
}

const inWords = (rows: readonly Row[]) => rows.map((row) => `${row.level} ${row.id}${row.type === 'task' && row.open ? ' open' : ''}`);

describe('the rows of a family', () => {
  test('are each task with what is open below it', () => {
    const rows = rowsOf('root', new Map([['root', branch(['p1', 'a', 'p2'])], ['p1', branch(['b', 'p3'])], ['p3', branch(['c'])]]));
    expect(inWords(rows)).toEqual(['1 p1 open', '2 b', '2 p3 open', '3 c', '1 a', '1 p2']);
    expect(rows[1]).toMatchObject({ position: 1, size: 2 });
  });

  test('say where more is to come, what failed, and that there is nothing', () => {
    const rows = rowsOf('root', new Map([
      ['root', branch(['p1', 'p2', 'p3'], { hasMore: true })],
      ['p1', branch([], { loading: true })],
      ['p2', branch([], { error: new Error('no') })],
      ['p3', branch([])],
    ]));
    expect(inWords(rows)).toEqual(['1 p1 open', '2 more p1', '1 p2 open', '2 more p2', '1 p3 open', '2 none p3', '1 more root']);
  });

  test('end somewhere, and say so', () => {
    const ids = Array.from({ length: MOST_ROWS }, (_, index) => `t${index}`);
    expect(rowsOf('root', new Map([['root', branch(ids, { hasMore: true })]])).at(-1)?.type).toBe('full');
  });
});

describe('an arrow key', () => {
  const rows = rowsOf('root', new Map([['root', branch(['p1', 'p2'])], ['p1', branch(['a'])]]));

  test('goes up and down, into an open task and back to its parent', () => {
    const toggle = vi.fn<(id: string, open: boolean) => void>();
    const to = (key: string, at: number) => stepOf(key, at, rows, toggle);
    expect([to('ArrowDown', 0), to('ArrowDown', 2), to('ArrowUp', 0)]).toEqual([1, 2, 0]);
    expect([to('ArrowRight', 0), to('ArrowLeft', 1), to('ArrowLeft', 2)]).toEqual([1, 0, 2]);
    expect(to('Enter', 0)).toBeUndefined();
    expect(toggle).not.toHaveBeenCalled();
  });

  test('opens what is shut and shuts what is open', () => {
    const toggle = vi.fn<(id: string, open: boolean) => void>();
    expect([stepOf('ArrowRight', 2, rows, toggle), stepOf('ArrowLeft', 0, rows, toggle)]).toEqual([2, 0]);
    expect(toggle.mock.calls).toEqual([['p2', true], ['p1', false]]);
  });
});

test('an address says which children are shown and which tasks are open', () => {
  expect(readFamily({ children: 'failed', open: ['a', 'b', 'a'] })).toEqual({ children: 'failed', open: ['a', 'b'] });
  expect(readFamily({ children: 'flying', open: 'a' })).toEqual({ open: ['a'] });
  expect(readFamily({})).toEqual({});
  expect([statesOf('open'), statesOf('failed'), statesOf(undefined)]).toEqual([
    ['scheduled', 'queued', 'running', 'retrying'],
    ['failed'],
    undefined,
  ]);
});
