import { IconSitemap } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';

import type { Task } from '../../api';
import { serverTime, useNow } from '../../live/clock';
import { age, amount, duration, elapsed, moment, percent, shortId } from '../../live/format';
import { secondsLeft } from '../../live/remaining';
import { isStalled, useSilence } from '../../live/silence';
import { Copy } from '../../parts/Copy';
import { filled } from '../../parts/filled';
import { Mark } from '../../parts/Mark';
import { ProgressBar } from '../../parts/ProgressBar';
import { StateBadge } from '../../parts/StateBadge';
import classes from './tasks.module.css';

// How young a task must be for its row to be marked as new.
const NEW_MS = 2_000;

/**
 * One task. Drawn again only when the task changed, and of that only what a report changes: a
 * worker reports many times a second. The cells with a clock in them see to themselves.
 */
export const TaskRow = memo(function TaskRow({ task, position }: { task: Task; position: number }) {
  const value = filled(task.state, task.progress);
  const isNew = serverTime() - Date.parse(task.created_at) < NEW_MS;
  return (
    <tr
      className={classes.row}
      aria-rowindex={position}
      data-testid="task-row"
      data-task={task.id}
      data-state={task.state}
      data-new={isNew || undefined}
    >
      <td>
        <StateBadge state={task.state} cancelling={task.cancel_requested === true} still />
      </td>
      <td className={classes.taskCell}>
        <TaskName id={task.id} kind={task.kind} labels={task.labels} family={task.children?.total} />
      </td>
      <td className={classes.queueColumn}>{task.queue}</td>
      <td className={classes.progressColumn}>
        <div className={classes.progressLine}>
          <ProgressBar label={`Progress of ${task.kind}`} task={task} />
          <span className={`numbers ${classes.percent}`}>{value === undefined ? '' : percent(value)}</span>
        </div>
        <div className={classes.message}>
          {isStalled(task) && <Stalled task={task} />}
          <Saying task={task} />
        </div>
      </td>
      <td className={`numbers ${classes.etaColumn}`}>
        <Left task={task} />
      </td>
      <AgeCell since={task.created_at} />
      <td className={classes.workerColumn} title={task.worker}>
        {task.worker ?? ''}
      </td>
    </tr>
  );
});

interface NameProps extends Pick<Task, 'id' | 'kind' | 'labels'> {
  /** How many children it has. */
  family: number | undefined;
}

/** What never changes of a task, or hardly ever. */
export const TaskName = memo(function TaskName({ id, kind, labels, family }: NameProps) {
  return (
    <>
      <Link to="/tasks/$id" params={{ id }} className={classes.rowLink}>
        {kind}
      </Link>
      <div className={classes.underline}>
        <span className="mono" title={id}>
          {shortId(id)}
        </span>
        <span className={classes.above}>
          <Copy value={id} what="Copy task id" size="xs" />
        </span>
        {family !== undefined && (
          <Link to="/" search={{ parent: id }} className={`numbers ${classes.family}`} title="Show its children">
            <IconSitemap size={13} aria-hidden /> {amount(family)} {family === 1 ? 'child' : 'children'}
          </Link>
        )}
        {Object.entries(labels).map(([key, text]) => (
          <span key={key} className={classes.label}>
            {key}={text}
          </span>
        ))}
      </div>
    </>
  );
});

const AgeCell = memo(function AgeCell({ since }: { since: string }) {
  return (
    <td className={`numbers ${classes.ageColumn}`} title={moment(since)}>
      {age((useNow() - Date.parse(since)) / 1_000)}
    </td>
  );
});

/** What there is to say about a task in one line: its worker's word, or why there is none. */
function Saying({ task }: { task: Task }) {
  const { progress, error } = task;
  switch (task.state) {
    case 'scheduled':
      if (task.waiting_for !== undefined) return <>waits for {task.waiting_for === 1 ? 'a task' : `${task.waiting_for} tasks`} to end</>;
      return task.run_at ? <>runs at {moment(task.run_at)}</> : null;
    case 'queued':
      return <>waiting for a worker</>;
    case 'retrying':
      // Why is in the history: a task that goes on has no error of its own.
      return (
        <>
          attempt {task.attempt} of {task.max_attempts} failed, will be retried
        </>
      );
    case 'failed':
    case 'cancelled':
      return <>{error?.title ?? error?.type ?? progress?.message}</>;
    case 'succeeded':
      return task.started_at && task.finished_at ? (
        <>took {elapsed((Date.parse(task.finished_at) - Date.parse(task.started_at)) / 1_000)}</>
      ) : null;
    default:
      return <>{[progress?.stage, progress?.message].filter(Boolean).join(': ')}</>;
  }
}

/** That its worker says nothing, and since when. */
function Stalled({ task }: { task: Task }) {
  const silent = useSilence(task);
  return (
    <span className={classes.stalled}>
      <Mark colour="retrying">Stalled</Mark> no news for {age(silent)}
      {task.progress?.message !== undefined || task.progress?.stage !== undefined ? '; ' : ''}
    </span>
  );
}

function Left({ task }: { task: Task }) {
  const seconds = secondsLeft(task, useNow());
  return <>{seconds === undefined ? '' : duration(seconds)}</>;
}
