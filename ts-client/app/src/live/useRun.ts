import { useTasks } from '@milepost/client/react';

import type { Task } from '../api';

/** The server's own queue, where its runs over many tasks are. */
export const RUNS_QUEUE = 'milepost';

/**
 * One of the server's own tasks, live. The stream of all tasks, which the page has open, leaves those
 * out; so it is asked for by its queue too, and not by its id alone.
 */
export function useRun(id: string | undefined): { task: Task | undefined; error: Error | undefined } {
  const { tasks, error } = useTasks(id === undefined ? null : { task: id, queue: RUNS_QUEUE });
  return { task: tasks[0], error };
}
