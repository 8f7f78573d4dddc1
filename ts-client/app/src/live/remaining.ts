import type { Task } from '../api';

/**
 * How long a running task still takes, in seconds: the server's estimate, less the time since it was
 * made. `now` is the server's time in milliseconds.
 */
export function secondsLeft(task: Task, now: number): number | undefined {
  const { progress } = task;
  // An estimate of work that stands still is worth nothing.
  if (task.state !== 'running' || progress?.stalled || progress?.eta_seconds === undefined) return undefined;
  const elapsed = Math.max(0, now - Date.parse(progress.updated_at)) / 1_000;
  return Math.max(0, progress.eta_seconds - elapsed);
}
