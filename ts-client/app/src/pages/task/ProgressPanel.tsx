import type { Task } from '../../api';
import { useNow } from '../../live/clock';
import { amount, duration, elapsed, moment, percent } from '../../live/format';
import { secondsLeft } from '../../live/remaining';
import { isStalled } from '../../live/silence';
import { filled } from '../../parts/filled';
import { ProgressBar } from '../../parts/ProgressBar';
import { StageLegend } from './StageLegend';
import { Stalled } from './Stalled';
import { Waiting } from './Waiting';
import classes from './task.module.css';

/** The big bar, and beside it what can be known of the rest of the way. */
export function ProgressPanel({ task }: { task: Task }) {
  const { progress } = task;
  const value = filled(task.state, progress);
  return (
    <section className={`panel ${classes.progress}`} aria-label="Progress">
      <div className={classes.progressHead}>
        <span className={`numbers ${classes.percent}`} data-testid="percent">
          {value === undefined ? '–' : percent(value)}
        </span>
        <span className={classes.saying} data-testid="message">
          {progress?.stage !== undefined && <span className={classes.stage}>{progress.stage}</span>}
          {task.error?.title ?? progress?.message ?? <Waiting task={task} />}
        </span>
        <dl className={`numbers ${classes.measures}`}>
          <Measures task={task} />
        </dl>
      </div>
      <ProgressBar large label={`Progress of ${task.kind}`} task={task} />
      <StageLegend task={task} />
      {isStalled(task) && <Stalled task={task} />}
    </section>
  );
}

function Measures({ task }: { task: Task }) {
  const now = useNow();
  const { progress } = task;
  const left = secondsLeft(task, now);
  const end = task.finished_at === undefined ? now : Date.parse(task.finished_at);
  const counted = progress?.current !== undefined;
  const unit = progress?.unit ?? '';
  return (
    <>
      {task.state === 'scheduled' && task.run_at && <Measure name="Runs at" value={moment(task.run_at)} />}
      {counted && (
        <Measure
          name="Done"
          value={`${amount(progress.current ?? 0)}${progress.total === undefined ? '' : ` of ${amount(progress.total)}`} ${unit}`}
        />
      )}
      {task.state === 'running' && !isStalled(task) && progress?.rate_per_second !== undefined && (
        <Measure name="Rate" value={`${amount(progress.rate_per_second)} ${counted ? unit : '%'}/s`} />
      )}
      {task.started_at !== undefined && task.state !== 'queued' && (
        <Measure
          name={task.done ? 'Took' : 'Running for'}
          value={(task.done ? elapsed : duration)((end - Date.parse(task.started_at)) / 1_000)}
        />
      )}
      {left !== undefined && <Measure name="Left" value={duration(left)} />}
    </>
  );
}

function Measure({ name, value }: { name: string; value: string }) {
  return (
    <div className={classes.measure}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
