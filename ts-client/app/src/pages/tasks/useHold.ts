import { useCallback, useEffect, useState } from 'react';

import type { Task } from '../../api';

// How far down a reader must be for new rows to count as a disturbance.
const DOWN = 160;

/**
 * Holds new tasks back while the reader is further down, so that rows do not move away under the
 * eyes; `held` says how many wait, `release` goes up to them.
 */
export function useHold(tasks: readonly Task[]): { shown: readonly Task[]; held: number; release(): void } {
  const [down, setDown] = useState(false);
  const [since, setSince] = useState<string>();
  useEffect(() => {
    const look = () => setDown(window.scrollY > DOWN);
    look();
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  const newest = tasks[0]?.created_at;
  if (down && since === undefined && newest !== undefined) setSince(newest);
  if (!down && since !== undefined) setSince(undefined);

  const release = useCallback(() => window.scrollTo({ top: 0 }), []);
  if (since === undefined) return { shown: tasks, held: 0, release };
  const held = tasks.findIndex((task) => task.created_at <= since);
  if (held === -1) return { shown: tasks, held: 0, release };
  return { shown: tasks.slice(held), held, release };
}
