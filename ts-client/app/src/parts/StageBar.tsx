import type { Progress, Stage, State, Task } from '../api';
import { percent as asPercent } from '../live/format';
import { filled } from './filled';
import classes from './parts.module.css';

export type StagePlace = 'done' | 'active' | 'ahead';

export interface PlacedStage extends Stage {
  place: StagePlace;
  /** How full its segment is, 0 to 100. */
  value: number;
}

/**
 * Where each stage is. Those before the one under way are done: stages are in order, and one that
 * was left out counts as passed, as it does in the task's percent.
 */
export function placeStages(stages: readonly Stage[], state: State, progress: Progress | undefined): PlacedStage[] {
  const active = stages.findIndex(({ name }) => name === progress?.stage);
  return stages.map((stage, index) => {
    if (state === 'succeeded' || index < active) return { ...stage, place: 'done', value: 100 };
    if (index > active) return { ...stage, place: 'ahead', value: 0 };
    return { ...stage, place: 'active', value: progress?.stage_percent ?? 0 };
  });
}

interface Props {
  label: string;
  stages: readonly Stage[];
  task: Pick<Task, 'state' | 'progress'>;
  large: boolean;
}

/** The bar of a task with stages: a segment for each, as long as its weight. */
export function StageBar({ label, stages, task, large }: Props) {
  const value = filled(task.state, task.progress);
  return (
    <div
      className={classes.stages}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === undefined ? undefined : Math.floor(value)}
      aria-valuetext={[value === undefined ? 'unknown' : asPercent(value), task.progress?.stage].filter(Boolean).join(', ')}
      data-large={large || undefined}
    >
      {placeStages(stages, task.state, task.progress).map((stage) => (
        <div
          key={stage.name}
          className={classes.track}
          style={{ flexGrow: stage.weight }}
          title={stage.name}
          data-testid="stage"
          data-stage={stage.name}
          data-place={stage.place}
          data-state={task.state}
          data-stalled={task.progress?.stalled || undefined}
          data-large={large || undefined}
        >
          <div className={classes.fill} style={{ transform: `scaleX(${stage.value / 100})` }} />
        </div>
      ))}
    </div>
  );
}
