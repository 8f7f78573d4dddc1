import type { ReactNode } from 'react';

import { Link } from '@tanstack/react-router';

import type { Task } from '../../api';
import { useNow } from '../../live/clock';
import { amount, duration, moment } from '../../live/format';
import { OWN_QUEUE } from '../../live/own';
import { Panel } from './Panel';
import classes from './task.module.css';

export function Facts({ task }: { task: Task }) {
  // A delivery's label names its webhook, which has a page.
  const webhook = task.queue === OWN_QUEUE ? task.labels.webhook : undefined;
  const labels = Object.entries(task.labels).filter(([key]) => key !== 'webhook' || webhook === undefined);
  return (
    <Panel title="Facts">
      <dl className={classes.facts}>
        <Fact name="Queue">
          <Link to="/" search={{ queue: task.queue }}>
            {task.queue}
          </Link>
        </Fact>
        {task.worker !== undefined && <Fact name="Worker">{task.worker}</Fact>}
        {task.priority !== 0 && <Fact name="Priority">{task.priority}</Fact>}
        {task.concurrency_key !== undefined && <Fact name="Key">{task.concurrency_key}</Fact>}
        {task.schedule_id !== undefined && (
          <Fact name="Schedule">
            <Link to="/schedules">{task.schedule_id}</Link>
          </Fact>
        )}
        {webhook !== undefined && (
          <Fact name="Webhook">
            <Link to="/webhooks/$id" params={{ id: webhook }} className="mono">
              {webhook}
            </Link>
          </Fact>
        )}
        {task.timeout_seconds !== undefined && <Fact name="Timeout">{duration(task.timeout_seconds)} an attempt</Fact>}
        {task.deadline_at !== undefined && (
          <Fact name="Deadline">
            <Deadline task={task} at={task.deadline_at} />
          </Fact>
        )}
        {(task.backoff_base_seconds !== undefined || task.backoff_max_seconds !== undefined) && (
          <Fact name="Backoff">
            from {duration(task.backoff_base_seconds ?? 1)} to {duration(task.backoff_max_seconds ?? 300)}
          </Fact>
        )}
        {task.retention_seconds !== undefined && <Fact name="Kept for">{duration(task.retention_seconds)} after its end</Fact>}
        {labels.length > 0 && (
          <Fact name="Labels">
            {labels.map(([key, text]) => (
              <Link key={key} to="/" search={{ label: [`${key}=${text}`] }} className={classes.label}>
                {key}={text}
              </Link>
            ))}
          </Fact>
        )}
        {task.parent_id !== undefined && (
          <Fact name="Parent">
            <Link to="/tasks/$id" params={{ id: task.parent_id }} className="mono">
              {task.parent_id}
            </Link>
          </Fact>
        )}
        {task.weight !== undefined && <Fact name="Weight">{amount(task.weight)} of its parent</Fact>}
        {task.complete_when_children_done === true && (
          <Fact name="Group">
            Done when its children are.{' '}
            {task.child_failure === 'fail_fast' ? 'The first that fails ends it.' : 'All of them run, though some fail.'}
          </Fact>
        )}
        {task.unique_key !== undefined && <Fact name="Unique">{task.unique_key}</Fact>}
        {task.run_at !== undefined && <Fact name="Run at">{moment(task.run_at)}</Fact>}
        <Fact name="Created">{moment(task.created_at)}</Fact>
        {task.started_at !== undefined && <Fact name="Started">{moment(task.started_at)}</Fact>}
        {task.finished_at !== undefined && <Fact name="Finished">{moment(task.finished_at)}</Fact>}
        {task.trace_parent !== undefined && (
          <Fact name="Trace">
            <span className="mono">{task.trace_parent}</span>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

/** When it must be done, and how long that still is. */
function Deadline({ task, at }: { task: Task; at: string }) {
  const left = (Date.parse(at) - useNow()) / 1_000;
  return (
    <>
      {moment(at)}
      {!task.done && <span className={classes.soft}>{left > 0 ? `, in ${duration(left)}` : ', passed'}</span>}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
