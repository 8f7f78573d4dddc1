import { useTasks } from '@milepost/client/react';
import { useMemo, useSyncExternalStore } from 'react';

import { ACTIVE } from '../api';
import { RUNS_QUEUE } from '../live/useRun';

// Runs this page has seen and nobody has dismissed: one that has ended stays until its result is read.
let seen: readonly string[] = [];
const listeners = new Set<() => void>();

function set(next: readonly string[]): void {
  seen = next;
  for (const listener of listeners) listener();
}

/** Shows a run that was just begun, before the stream tells of it. */
export function noteRun(id: string): void {
  if (!seen.includes(id)) set([...seen, id]);
}

export function dismissRun(id: string): void {
  set(seen.filter((one) => one !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const RUNNING = { queue: RUNS_QUEUE, state: ACTIVE };

/** The runs that go on, whoever began them, and those that ended while the page was open. */
export function useRuns(): readonly string[] {
  const noted = useSyncExternalStore(subscribe, () => seen);
  const { tasks } = useTasks(RUNNING);
  return useMemo(() => {
    const running = tasks.map(({ id }) => id);
    return [...new Set([...noted, ...running])];
  }, [noted, tasks]);
}
