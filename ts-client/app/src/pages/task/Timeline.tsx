import { Button, Skeleton } from '@mantine/core';

import { explain, type Task, type TaskEvent } from '../../api';
import { clockTime, moment } from '../../live/format';
import { Panel } from './Panel';
import classes from './task.module.css';
import { type Milestone, useTimeline } from './useTimeline';

/** What happened to the task, oldest first; progress and log lines have places of their own. */
export function Timeline({ task }: { task: Task }) {
  const { milestones, pending, behind, error, loadMore } = useTimeline(task);
  return (
    <Panel title="Timeline">
      <ol className={classes.timeline} aria-busy={pending}>
        {milestones.map((event) => (
          <li key={event.cursor} className={classes.event} data-type={event.type} data-testid="timeline-event">
            <span className={classes.eventName}>{describe(event)}</span>
            <span className={classes.eventMeta}>
              <time dateTime={event.at} title={moment(event.at)}>
                {clockTime(event.at)}
              </time>
              <span className="mono" title="Cursor: the event's position in the log">
                {event.cursor}
              </span>
            </span>
          </li>
        ))}
      </ol>
      {pending && milestones.length === 0 && <Skeleton height={90} />}
      {error !== undefined && (
        <p className={classes.none}>
          {explain(error)}{' '}
          <Button size="compact-xs" variant="default" onClick={loadMore}>
            Try again
          </Button>
        </p>
      )}
      {behind && !pending && error === undefined && (
        <Button size="compact-xs" variant="default" onClick={loadMore}>
          Read on; the history is long
        </Button>
      )}
    </Panel>
  );
}

/** An event as a short sentence. */
function describe(event: Milestone): string {
  switch (event.type) {
    case 'task.scheduled':
      return event.task.run_at === undefined ? 'Scheduled' : `Scheduled for ${moment(event.task.run_at)}`;
    case 'task.queued':
      return event.attempt === 0 ? `Queued in ${event.task.queue}` : 'Queued again';
    case 'task.started':
      // A group begins without anybody trying it.
      if (event.attempt === 0) return 'Waits for its children';
      return `Attempt ${event.attempt} started${event.task.worker === undefined ? '' : ` by ${event.task.worker}`}`;
    case 'task.cancel_requested':
      return 'Cancel requested';
    case 'task.retrying':
      return `Attempt ${event.attempt} failed, will be retried: ${event.error.title ?? event.error.type}`;
    case 'task.succeeded':
      return 'Succeeded';
    case 'task.failed':
      return `Failed: ${event.task.error?.title ?? event.task.error?.type ?? 'see the error'}`;
    case 'task.cancelled':
      return 'Cancelled';
    case 'task.updated':
      return 'Changed';
    case 'task.deleted':
      return 'Deleted';
    default:
      // A server that is newer than this page.
      return (event satisfies never as TaskEvent).type;
  }
}
