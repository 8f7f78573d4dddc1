import { useTasks } from '@milepost/client/react';
import { Link } from '@tanstack/react-router';

import type { Task } from '../../api';
import { shortId } from '../../live/format';
import { StateBadge } from '../../parts/StateBadge';
import classes from './dependencies.module.css';
import { Panel } from './Panel';
import common from './task.module.css';

/** The tasks that had to end before this one, live. Nothing for one that waits for none. */
export function Dependencies({ task }: { task: Task }) {
  return task.after === undefined || task.after.length === 0 ? null : <After task={task} after={task.after} />;
}

function After({ task, after }: { task: Task; after: readonly string[] }) {
  const { byId, complete } = useTasks({ task: after });
  return (
    <Panel
      title="Waits for"
      aside={
        <span className={common.aside} data-testid="waiting-for">
          {standing(task, after.length)}
        </span>
      }
    >
      <ul className={classes.list}>
        {after.map((id) => {
          const known = byId.get(id);
          return (
            <li key={id} className={classes.one} data-testid="dependency" data-task={id} data-state={known?.state}>
              {known !== undefined && <StateBadge state={known.state} cancelling={known.cancel_requested === true} still />}
              {known === undefined && complete ? (
                <span title={id}>{shortId(id)}, deleted</span>
              ) : (
                <Link to="/tasks/$id" params={{ id }} title={id}>
                  {known?.kind} <span className="mono">{shortId(id)}</span>
                </Link>
              )}
            </li>
          );
        })}
      </ul>
      <p className={common.none}>
        {task.after_failure === 'run'
          ? 'One that fails or is cancelled counts like any other.'
          : 'When one of them fails or is cancelled, this one is cancelled.'}
      </p>
    </Panel>
  );
}

function standing({ done, waiting_for }: Task, total: number): string {
  if (waiting_for !== undefined) return `${waiting_for} of ${total} open`;
  return done ? '' : 'none open';
}
