import { describe, expect, test } from 'vitest';

import { isRevived } from '../src/pages/task/useLiveTask';

describe('a page whose task has ended', () => {
  const task = { cursor: '0a.9' };

  test('opens its stream again when the task is known to go on after its end', () => {
    expect(isRevived({ status: 'ended', task }, '0a.10')).toBe(true);
  });

  test('does not for what was known of the task before its end', () => {
    for (const before of ['0a.8', '0a.9']) expect(isRevived({ status: 'ended', task }, before)).toBe(false);
  });

  test('does not for what another log says', () => {
    expect(isRevived({ status: 'ended', task }, '0b.10')).toBe(false);
  });

  test('does when the task was deleted, and there is one of its id again', () => {
    expect(isRevived({ status: 'ended' }, '0a.3')).toBe(true);
    expect(isRevived({ status: 'ended' }, undefined)).toBe(false);
  });

  test('has nothing to open while its stream runs', () => {
    expect(isRevived({ status: 'live', task }, '0a.10')).toBe(false);
  });
});
