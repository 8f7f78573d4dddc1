import { useTasks } from '@milepost/client/react';
import { useMemo, useSyncExternalStore } from 'react';

import { ACTIVE } from '../api';
import { OWN_QUEUE } from '../live/own';
import type { Action } from './bulk';

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

// By kind: the deliveries of webhooks are in the same queue, and may be very many.
const running = (action: Action) => ({ queue: OWN_QUEUE, kind: `milepost.bulk.${action}`, state: ACTIVE });
const CANCELS = running('cancel');
const RETRIES = running('retry');
const DELETES = running('delete');

/** The runs that go on, whoever began them, and those that ended while the page was open. */
export function useRuns(): readonly string[] {
  const noted = useSyncExternalStore(subscribe, () => seen);
  const { tasks: cancels } = useTasks(CANCELS);
  const { tasks: retries } = useTasks(RETRIES);
  const { tasks: deletes } = useTasks(DELETES);
  return useMemo(() => {
    const live = [...cancels, ...retries, ...deletes].map(({ id }) => id);
    return [...new Set([...noted, ...live])];
  }, [noted, cancels, retries, deletes]);
}
