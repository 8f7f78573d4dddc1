import type { State } from '../api';
import classes from './parts.module.css';

const words: Record<State, string> = {
  scheduled: 'Scheduled',
  queued: 'Queued',
  running: 'Running',
  retrying: 'Retrying',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** The name of a state as people read it; states of a newer server are shown as they come. */
export function stateName(state: State): string {
  return words[state] ?? state;
}

/** Where a task is: the word, and a colour for those who see it. */
export function StateBadge({ state, cancelling = false }: { state: State; cancelling?: boolean }) {
  return (
    <span className={classes.badge} data-state={state} data-testid="state">
      <span className={classes.dot} aria-hidden="true" />
      {cancelling && state === 'running' ? 'Cancelling' : stateName(state)}
    </span>
  );
}
