import { describe, expect, test } from 'vitest';

import { emptyDraft, placeOf, toRequest } from '../src/pages/submit/draft';
import { jsonError, laidOut } from '../src/parts/json';
import { placed } from '../src/parts/refusal';

describe('a draft', () => {
  test('left as it is asks for nothing but the kind', () => {
    const { input, options } = toRequest({ ...emptyDraft(), kind: ' report ' });
    expect(input).toBeUndefined();
    expect(options).toEqual({ queue: 'default' });
  });

  test('carries what was typed, as the contract has it', () => {
    const { kind, input, options } = toRequest({
      ...emptyDraft(),
      kind: 'report',
      input: '{"n": 1}',
      labels: [
        { key: ' team ', value: 'a b' },
        { key: '', value: '' },
      ],
      priority: 5,
      timeout_seconds: '90',
      delay_seconds: '',
      deadline_seconds: 3600,
      concurrency_key: ' customer-42 ',
      parent_id: ' p1 ',
      weight: 2,
      unique_key: 'nightly',
      after: ['a', 'b'],
      after_failure: 'run',
      complete_when_children_done: true,
      child_failure: 'collect',
      stages: [
        { name: 'fetch', weight: '' },
        { name: ' render ', weight: 2.5 },
        { name: '', weight: '' },
      ],
      run_at: '2026-11-22T10:30',
    });
    expect([kind, input]).toEqual(['report', { n: 1 }]);
    expect(options).toEqual({
      queue: 'default',
      labels: { team: 'a b' },
      priority: 5,
      timeout_seconds: 90,
      deadline_seconds: 3600,
      concurrency_key: 'customer-42',
      parent_id: 'p1',
      weight: 2,
      unique_key: 'nightly',
      after: ['a', 'b'],
      after_failure: 'run',
      complete_when_children_done: true,
      child_failure: 'collect',
      stages: [{ name: 'fetch' }, { name: 'render', weight: 2.5 }],
      run_at: new Date('2026-11-22T10:30').toISOString(),
    });
  });

  test('says of a text that is no JSON what is wrong with it', () => {
    expect(jsonError('')).toBeNull();
    expect(jsonError('"text"')).toBeNull();
    expect(jsonError('{"a": }')).toMatch(/^Not JSON: /);
  });
});

test('an input is laid out when it is JSON, and left alone when it is not', () => {
  expect(laidOut('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(laidOut('{"a":')).toBe('{"a":');
  expect(laidOut(' ')).toBe(' ');
});

test("a problem's errors go to the fields they name, the rest is said in words", () => {
  const { fields, rest } = placed([
    { field: 'max_attempts', message: 'must be from 1 to 100' },
    { field: 'labels.te am', message: 'must not contain control characters' },
    { field: 'after[1]', message: 'is no task' },
    { field: 'trace_parent', message: 'is not one' },
  ], placeOf);
  expect(fields).toEqual({
    max_attempts: 'must be from 1 to 100',
    labels: 'labels.te am: must not contain control characters',
    after: 'after[1]: is no task',
  });
  expect(rest).toEqual(['trace_parent: is not one']);
});
