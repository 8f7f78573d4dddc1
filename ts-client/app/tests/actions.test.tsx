// @vitest-environment jsdom
import './jsdom';

import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { milepost, type Task } from '../src/api';
import { TaskHeader } from '../src/pages/task/TaskHeader';
import { taskLike } from './tasks';

afterEach(() => vi.restoreAllMocks());

async function show(task: Task): Promise<void> {
  const root = createRootRoute({ component: () => <TaskHeader task={task} onChanged={() => {}} /> });
  const router = createRouter({
    routeTree: root.addChildren([createRoute({ getParentRoute: () => root, path: '/' })]),
    history: createMemoryHistory(),
  });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByRole('heading', { name: task.kind });
}

const actions = () => screen.queryAllByRole('button', { name: /^(Cancel|Retry|Delete)/ }).map((one) => one.textContent);

function withLinks(part: Partial<Task>, links: Partial<Task['links']>): Task {
  const task = taskLike({ id: 'a', ...part });
  return { ...task, links: { ...task.links, ...links } };
}

test('a task has exactly the buttons its links allow', async () => {
  await show(withLinks({ state: 'failed' }, { retry: '/retry', delete: '/delete' }));
  expect(actions()).toEqual(['Retry', 'Delete']);
});

test('a running task can be cancelled, once it is confirmed', async () => {
  const cancel = vi.spyOn(milepost, 'cancel').mockResolvedValue(taskLike({ id: 'a', state: 'running' }));
  await show(withLinks({ state: 'running' }, { cancel: '/cancel' }));
  expect(actions()).toEqual(['Cancel']);
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  const sure = await screen.findByRole('button', { name: 'Cancel the task' });
  expect(cancel).not.toHaveBeenCalled();
  fireEvent.click(sure);
  await vi.waitFor(() => expect(cancel).toHaveBeenCalledWith('a'));
});

test('a task whose cancel was asked for says so and cannot be asked twice', async () => {
  await show(withLinks({ state: 'running', cancel_requested: true }, { cancel: '/cancel' }));
  expect(screen.getByRole('button', { name: 'Cancel requested' })).toHaveProperty('disabled', true);
  expect(screen.getByTestId('state').textContent).toBe('Cancelling');
});
