import { describe, expect, test } from 'vitest';

import { age, amount, duration, elapsed, percent, shortId } from '../src/live/format';
import { secondsLeft } from '../src/live/remaining';
import { taskLike } from './tasks';

describe('a duration', () => {
  test.each([
    [0, '0s'],
    [8.4, '8s'],
    [59.6, '1m 00s'],
    [185, '3m 05s'],
    [7_800, '2h 10m'],
    [4 * 86_400 + 3 * 3_600, '4d 3h'],
    [-5, '0s'],
  ])('of %d seconds is written %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

test('what was quick is told finer', () => {
  expect([0.0234, 3.25, 59, 185].map(elapsed)).toEqual(['23 ms', '3.3s', '59s', '3m 05s']);
});

describe('an age', () => {
  test.each([
    [0.4, 'now'],
    [12.9, '12s'],
    [119, '1m'],
    [7_199, '1h'],
    [200_000, '2d'],
  ])('of %d seconds is written %s', (seconds, text) => {
    expect(age(seconds)).toBe(text);
  });
});

test('a percentage is rounded down, so that only a full bar says 100', () => {
  expect(percent(99.97)).toBe('99 %');
  expect(percent(100)).toBe('100 %');
});

test('an amount has three digits, and no decimals from a hundred on', () => {
  expect([0.12345, 12.345, 1_234.5].map(amount)).toEqual(['0.123', '12.3', '1,235']);
});

test('a long id is told by its end, a short one is whole', () => {
  expect(shortId('0198c0f2-7a14-7b3c-9d2e-8959431f119c')).toBe('…431f119c');
  expect(shortId('nightly-2026')).toBe('nightly-2026');
});

describe('the time left', () => {
  const at = Date.parse('2026-11-22T09:00:00.000Z');
  const progress = { updated_at: '2026-11-22T09:00:00.000Z', percent: 40, eta_seconds: 90 };

  test('counts down from the last report, and stops at nothing', () => {
    const task = taskLike({ id: 'a', state: 'running', progress });
    expect(secondsLeft(task, at + 30_000)).toBe(60);
    expect(secondsLeft(task, at + 300_000)).toBe(0);
  });

  test('is unknown without an estimate, and for what is not running', () => {
    expect(secondsLeft(taskLike({ id: 'a', state: 'running' }), at)).toBeUndefined();
    expect(secondsLeft(taskLike({ id: 'a', state: 'retrying', progress }), at)).toBeUndefined();
  });
});
