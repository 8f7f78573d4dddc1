import type { Task } from '../api';
import { useNow } from './clock';

/** Whether a task's worker keeps its lease but says nothing. Of one that ended, nothing is to be said. */
export function isStalled(task: Task): boolean {
  return task.state === 'running' && task.progress?.stalled === true;
}

/** How long a task's worker has said nothing, in seconds. */
export function useSilence(task: Task): number {
  const now = useNow();
  return Math.max(0, now - Date.parse(task.progress?.updated_at ?? task.updated_at)) / 1_000;
}
