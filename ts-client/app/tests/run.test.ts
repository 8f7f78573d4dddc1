import { describe, expect, test } from 'vitest';

import { afterLoss, afterMessage, isOver, percentOf, type Run } from '../src/pages/quickstart/run';

const afterAll = (...messages: string[]) => messages.reduce<Run>(afterMessage, { at: 'opening' });

describe('a run', () => {
  test('moves with each number, and is over with DONE', () => {
    expect(afterAll('0', '1', '42')).toEqual({ at: 'running', percent: 42, lost: false });
    const done = afterAll('99', '100', 'DONE');
    expect([done.at, percentOf(done), isOver(done)]).toEqual(['done', 100, true]);
  });

  test('is not over at 100: the server has yet to say DONE', () => {
    expect(isOver(afterAll('100'))).toBe(false);
  });

  test('that fails says why and keeps its place', () => {
    expect(afterAll('7', 'FAILED: out of paper')).toEqual({ at: 'failed', percent: 7, reason: 'out of paper' });
  });

  test('that nobody started is unknown, in the words of the server', () => {
    const run = afterAll('Task not found or not started');
    expect(run).toEqual({ at: 'unknown', message: 'Task not found or not started' });
    expect(isOver(run)).toBe(true);
  });

  test('that has not begun is waited for; one that has is not set back by a keep-alive', () => {
    expect(afterAll('keep-alive')).toEqual({ at: 'waiting' });
    expect(afterAll('12', 'keep-alive')).toEqual({ at: 'running', percent: 12, lost: false });
  });

  test('keeps its place while the connection is lost, and goes on with the next number', () => {
    const lost = afterLoss(afterAll('30'), false);
    expect(lost).toEqual({ at: 'running', percent: 30, lost: true });
    expect(afterMessage(lost, '31')).toEqual({ at: 'running', percent: 31, lost: false });
    expect(afterLoss({ at: 'opening' }, false)).toEqual({ at: 'reconnecting' });
    expect(afterLoss(afterAll('30'), true)).toEqual({ at: 'lost' });
  });
});
