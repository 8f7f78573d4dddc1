import { memo } from 'react';

import { STATES, type State } from '../../api';
import { stateName } from '../../parts/StateBadge';
import classes from './tasks.module.css';

/** How many tasks are known in a state; `atLeast` when older ones were not looked at. */
export interface Count {
  value: number;
  atLeast: boolean;
}

interface Props {
  counts: Record<State, Count>;
  chosen: readonly State[];
  onChoose(states: State[]): void;
}

/** How many tasks are in each state; pressing one shows only those. */
export const Counts = memo(function Counts({ counts, chosen, onChoose }: Props) {
  return (
    <div className={classes.counts} role="group" aria-label="Filter by state">
      {STATES.map((state) => {
        const pressed = chosen.includes(state);
        const { value, atLeast } = counts[state];
        return (
          <button
            key={state}
            type="button"
            className={classes.count}
            data-state={state}
            data-none={value === 0 || undefined}
            aria-pressed={pressed}
            title={atLeast ? 'At least; older tasks are not loaded' : undefined}
            onClick={() => onChoose(pressed ? chosen.filter((one) => one !== state) : [...chosen, state])}
          >
            <span className={classes.countName}>{stateName(state)}</span>
            <span className={classes.countValue} data-testid={`count-${state}`}>
              {value.toLocaleString('en')}
              {atLeast && '+'}
            </span>
          </button>
        );
      })}
    </div>
  );
});
