import { Link } from '@tanstack/react-router';

import type { Worker, WorkerTask } from '../../api';
import { useNow } from '../../live/clock';
import { age, amount, duration, moment, percent } from '../../live/format';
import { Mark } from '../../parts/Mark';
import { ProgressBar } from '../../parts/ProgressBar';
import classes from './workers.module.css';

export function WorkerTable({ workers }: { workers: readonly Worker[] }) {
  return (
    <table className={classes.table}>
      <caption>Workers, by name</caption>
      <thead>
        <tr>
          <th scope="col">Worker</th>
          <th scope="col">Takes</th>
          <th scope="col">Runs</th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <tr key={worker.name} data-testid="worker-row" data-worker={worker.name}>
            <th scope="row">
              <span className={classes.name}>{worker.name}</span>
              <Doing worker={worker} />
            </th>
            <td>
              <Takes worker={worker} />
            </td>
            <td>
              <Runs worker={worker} />
            </td>
            <td className="numbers">
              <LastSeen at={worker.last_seen_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Busy, waiting, or neither: it asked lately, and may come back. */
function Doing({ worker: { running, waiting } }: { worker: Worker }) {
  if (running > 0) return <Mark colour="running">Busy</Mark>;
  if (waiting > 0) return <Mark colour="succeeded">Waiting for work</Mark>;
  return <Mark colour="queued">Quiet</Mark>;
}

function Takes({ worker: { queues, kinds } }: { worker: Worker }) {
  if (queues.length === 0 && kinds.length === 0) return <span className={classes.none}>has not asked lately</span>;
  return (
    <>
      {queues.map((queue) => (
        <Link key={queue} to="/" search={{ queue }} className={classes.queue}>
          {queue}
        </Link>
      ))}
      <div className={classes.under}>{kinds.length === 0 ? 'any kind' : kinds.join(', ')}</div>
    </>
  );
}

function Runs({ worker: { running, tasks } }: { worker: Worker }) {
  if (running === 0) return <span className={classes.none}>nothing</span>;
  const more = running - tasks.length;
  return (
    <ul className={classes.tasks}>
      {tasks.map((task) => (
        <RunningTask key={task.id} task={task} />
      ))}
      {more > 0 && <li className={classes.under}>and {amount(more)} more</li>}
    </ul>
  );
}

function RunningTask({ task }: { task: WorkerTask }) {
  const seconds = (useNow() - Date.parse(task.started_at)) / 1_000;
  const progress = { updated_at: task.started_at, ...(task.percent !== undefined && { percent: task.percent }), stalled: task.stalled === true };
  return (
    <li className={classes.task} data-testid="worker-task">
      <Link to="/tasks/$id" params={{ id: task.id }}>
        {task.kind}
      </Link>
      <ProgressBar label={`Progress of ${task.kind}`} task={{ state: 'running', progress }} />
      <span className="numbers">{task.percent === undefined ? '' : percent(task.percent)}</span>
      <span className={`numbers ${classes.under}`}>
        {duration(seconds)}
        {task.attempt > 1 && `, attempt ${task.attempt}`} {task.stalled && <Mark colour="retrying">Stalled</Mark>}
      </span>
    </li>
  );
}

function LastSeen({ at }: { at: string }) {
  const words = age((useNow() - Date.parse(at)) / 1_000);
  return <span title={moment(at)}>{words === 'now' ? words : `${words} ago`}</span>;
}
