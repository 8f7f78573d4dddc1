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

interface Props {
  state: State;
  cancelling?: boolean;
  /** Of many: a running one does not breathe, as each that does costs the browser every frame. */
  still?: boolean;
}

/** Where a task is: the word, and a colour for those who see it. */
export function StateBadge({ state, cancelling = false, still = false }: Props) {
  return (
    <span className={classes.badge} data-state={state} data-still={still || undefined} data-testid="state">
      <span className={classes.dot} aria-hidden="true" />
      {cancelling && state === 'running' ? 'Cancelling' : stateName(state)}
    </span>
  );
}
