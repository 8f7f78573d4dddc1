// @vitest-environment jsdom
import './jsdom';

import { MantineProvider } from '@mantine/core';
import { createMilepost } from '@milepost/client';
import { MilepostProvider } from '@milepost/client/react';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import type { Task } from '../src/api';
import { Dependencies } from '../src/pages/task/Dependencies';
import { Waiting } from '../src/pages/task/Waiting';
import { taskLike } from './tasks';

async function show(task: Task, others: Task[]): Promise<void> {
  const client = createMilepost({ baseUrl: 'http://milepost.test' });
  vi.spyOn(client, 'follow').mockImplementation(
    () =>
      (async function* () {
        yield { type: 'stream.snapshot', tasks: others, more: false, cursor: '0a1b2c3d.1' };
        await new Promise(() => {});
      })() as never,
  );
  const Page = () => (
    <>
      <Waiting task={task} />
      <Dependencies task={task} />
      <p>there</p>
    </>
  );
  const router = createRouter({ routeTree: createRootRoute({ component: Page }), history: createMemoryHistory() });
  render(
    <MantineProvider env="test">
      <MilepostProvider client={client}>
        <RouterProvider router={router as never} />
      </MilepostProvider>
    </MantineProvider>,
  );
  await screen.findByText('there');
}

test('a task shows what it waits for, each with its state, and what a failure means', async () => {
  const after = ['a', 'b', 'gone'];
  await show(taskLike({ id: 't', state: 'scheduled', after, waiting_for: 1, after_failure: 'cancel' }), [
    taskLike({ id: 'a', kind: 'fetch', state: 'succeeded' }),
    taskLike({ id: 'b', kind: 'render', state: 'running' }),
  ]);
  await screen.findByText('gone, deleted');
  expect(screen.getAllByTestId('dependency').map((one) => one.textContent)).toEqual([
    'Succeededfetch a',
    'Runningrender b',
    'gone, deleted',
  ]);
  expect(screen.getByRole('link', { name: 'render b' }).getAttribute('href')).toBe('/tasks/b');
  expect(screen.getByTestId('waiting-for').textContent).toBe('1 of 3 open');
  expect(screen.getByTestId('waiting').textContent).toBe('Waiting for a task to end.');
  expect(screen.getByText('When one of them fails or is cancelled, this one is cancelled.')).toBeTruthy();
});

test('one that runs says that none is open, and one that waits for none says nothing', async () => {
  await show(taskLike({ id: 't', state: 'running', after: ['a'], after_failure: 'run' }), []);
  expect(screen.getByTestId('waiting-for').textContent).toBe('none open');
  expect(screen.getByText('One that fails or is cancelled counts like any other.')).toBeTruthy();
});

test('a task that waits for none has no such part', async () => {
  await show(taskLike({ id: 't', state: 'scheduled' }), []);
  expect(screen.queryByText('Waits for')).toBeNull();
  expect(screen.queryByTestId('waiting')).toBeNull();
});
