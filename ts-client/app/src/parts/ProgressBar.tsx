import type { Task } from '../api';
import { percent as asPercent } from '../live/format';
import { filled } from './filled';
import classes from './parts.module.css';
import { StageBar } from './StageBar';

interface Props {
  /** What the bar measures, for who cannot see it. */
  label: string;
  task: Pick<Task, 'state' | 'progress' | 'stages'>;
  /** The tall one of a task's own page, with marks at each quarter or stage. */
  large?: boolean;
}

/** How far a task is: one bar, or a segment for each of its stages. */
export function ProgressBar({ label, task, large = false }: Props) {
  const { state, progress, stages } = task;
  if (stages !== undefined && stages.length > 1) return <StageBar label={label} stages={stages} task={task} large={large} />;
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
      data-stalled={progress?.stalled || undefined}
      data-large={large || undefined}
      data-unknown={unknown || undefined}
    >
      <div className={classes.fill} style={{ transform: `scaleX(${(value ?? 0) / 100})` }} />
      {large && [25, 50, 75].map((mark) => <span key={mark} className={classes.post} style={{ left: `${mark}%` }} />)}
    </div>
  );
}
