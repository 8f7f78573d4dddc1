import type { Progress, State } from '../api';

/** How full a bar is; a success is full even if its worker never said a number. */
export function filled(state: State, progress: Progress | undefined): number | undefined {
  return state === 'succeeded' ? 100 : progress?.percent;
}
