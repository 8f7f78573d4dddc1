import type { Progress, State } from '../api';
import { percent as asPercent } from '../live/format';
import classes from './parts.module.css';

interface Props {
  /** What the bar measures, for who cannot see it. */
  label: string;
  state: State;
  progress: Progress | undefined;
  /** The tall one of a task's own page, with marks at each quarter. */
  large?: boolean;
}

/** How full the bar is; a success is full even if its worker never said a number. */
export function filled(state: State, progress: Progress | undefined): number | undefined {
  return state === 'succeeded' ? 100 : progress?.percent;
}

export function ProgressBar({ label, state, progress, large = false }: Props) {
  const value = filled(state, progress);
  const unknown = value === undefined && state === 'running';
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === undefined ? undefined : Math.floor(value)}
      aria-valuetext={value === undefined ? 'unknown' : asPercent(value)}
      data-state={state}
      data-large={large || undefined}
      data-unknown={unknown || undefined}
    >
      <div className={classes.fill} style={{ transform: `scaleX(${(value ?? 0) / 100})` }} />
      {large && [25, 50, 75].map((mark) => <span key={mark} className={classes.post} style={{ left: `${mark}%` }} />)}
    </div>
  );
}
