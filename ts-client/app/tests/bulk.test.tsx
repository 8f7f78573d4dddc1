// @vitest-environment jsdom
import './jsdom';

import { MantineProvider } from '@mantine/core';
import { MilepostProvider } from '@milepost/client/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { milepost } from '../src/api';
import { actionsFor, bulkFilterOf, filterInWords, orderOf, resultOf } from '../src/bulk/bulk';
import { BulkActions } from '../src/bulk/BulkActions';
import type { Filters } from '../src/pages/tasks/filters';
import { taskLike } from './tasks';

afterEach(() => vi.restoreAllMocks());

test('what can be done follows from the states that are shown', () => {
  expect(actionsFor(undefined)).toEqual(['cancel', 'retry', 'delete']);
  expect(actionsFor(['failed'])).toEqual(['retry', 'delete']);
  expect(actionsFor(['running', 'queued'])).toEqual(['cancel']);
  expect(actionsFor(['succeeded', 'running'])).toEqual(['cancel', 'delete']);
});

test("the page's filters are a run's, and both are told in words", () => {
  const filter = bulkFilterOf({ state: ['failed'], queue: 'mail', label: ['team=a=b', 'run=1'], q: 'x' });
  expect(filter).toEqual({ states: ['failed'], queue: 'mail', labels: { team: 'a=b', run: '1' }, q: 'x' });
  expect(filterInWords(filter)).toBe('failed, in the queue mail, with team=a=b, with run=1, with “x” in the id or kind');
});

test('a run over dead letters takes those with the errors that are shown', () => {
  const filter = bulkFilterOf({ state: ['failed'], error_type: ['timeout', 'bounced'] });
  expect(filter).toEqual({ states: ['failed'], error_types: ['timeout', 'bounced'] });
  expect(filterInWords(filter)).toBe('failed, with the error timeout or bounced');
});

test('a run says what it was told to do and what came of it', () => {
  const input = { action: 'retry', filter: { queue: 'mail' }, dry_run: true };
  expect(orderOf(taskLike({ id: 'a', input }))).toEqual({ action: 'retry', filter: { queue: 'mail' }, dryRun: true });
  expect(orderOf(taskLike({ id: 'a', input: { action: 'sing' } }))).toBeUndefined();
  expect(orderOf(taskLike({ id: 'a' }))).toBeUndefined();
  const output = { action: 'retry', dry_run: false, matched: 3, changed: 2, skipped: 1 };
  expect(resultOf(taskLike({ id: 'a', state: 'succeeded', output }))).toEqual({ matched: 3, changed: 2, skipped: 1 });
  expect(resultOf(taskLike({ id: 'a', state: 'running' }))).toBeUndefined();
});

function show(filters: Filters): void {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <MilepostProvider client={milepost}>
          <BulkActions filters={filters} />
        </MilepostProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test('nothing is done before the tasks were counted and that was confirmed', async () => {
  // The stream never comes: what the call answered is enough.
  vi.spyOn(milepost, 'follow').mockReturnValue((async function* () {})() as never);
  const counted = taskLike({ id: 'count', state: 'succeeded', output: { matched: 312, changed: 0, skipped: 0 } });
  vi.spyOn(milepost, 'getTask').mockResolvedValue(counted);
  const retry = vi.spyOn(milepost.bulk, 'retry').mockResolvedValue(counted);
  show({ state: ['failed'], queue: 'mail' });
  fireEvent.click(screen.getByRole('button', { name: 'Retry all that match' }));
  const filter = { states: ['failed'], queue: 'mail' };
  const sure = await screen.findByRole('button', { name: 'Retry 312 tasks' });
  expect(retry.mock.calls).toEqual([[filter, { dryRun: true }]]);
  fireEvent.click(sure);
  await vi.waitFor(() => expect(retry).toHaveBeenLastCalledWith(filter));
});
