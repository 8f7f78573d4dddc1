// Who tried the task, and how that ended.

import { Button, Skeleton } from '@mantine/core';
import { useTaskAttempts } from '@milepost/client/react';

import { type Attempt, explain, type Task } from '../../api';
import { useNow } from '../../live/clock';
import { elapsed, duration, moment, clockTime } from '../../live/format';
import { Panel } from './Panel';
import classes from './task.module.css';

export function Attempts({ task }: { task: Task }) {
  const { attempts, loaded, error, refetch } = useTaskAttempts(task.id);
  return (
    <Panel title="Attempts" aside={<span className={classes.aside}>{task.attempt} of {task.max_attempts}</span>}>
      {!loaded && error === undefined && <Skeleton height={44} />}
      {error !== undefined && (
        <p className={classes.none} role="alert">
          {explain(error)}{' '}
          <Button size="compact-xs" variant="default" onClick={() => void refetch()}>
            Try again
          </Button>
        </p>
      )}
      {loaded && attempts.length === 0 && <p className={classes.none}>Nobody has tried it yet.</p>}
      {attempts.length > 0 && (
        <ol className={classes.attempts}>
          {attempts.toReversed().map((attempt) => (
            <OneAttempt key={`${attempt.number} ${attempt.started_at}`} attempt={attempt} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function OneAttempt({ attempt }: { attempt: Attempt }) {
  const { number, worker, state, error, retry_at } = attempt;
  return (
    <li className={classes.attempt} data-state={state} data-testid="attempt">
      <span className={`numbers ${classes.attemptNumber}`}>{number}</span>
      <div className={classes.attemptBody}>
        <div className={classes.attemptHead}>
          <strong>{words[state] ?? state}</strong>
          <span className={classes.attemptMeta}>
            <span>{worker}</span>
            <span className="numbers" title={`began ${moment(attempt.started_at)}`}>
              <Took attempt={attempt} />
            </span>
          </span>
        </div>
        {error !== undefined && (
          <div className={classes.attemptError}>
            {error.title ?? error.type} {error.title !== undefined && <span className="mono">{error.type}</span>}
          </div>
        )}
        {retry_at !== undefined && (
          <div className={classes.attemptNext} title={moment(retry_at)}>
            next due at {clockTime(retry_at)}
          </div>
        )}
      </div>
    </li>
  );
}

const words: Record<Attempt['state'], string> = {
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  released: 'Given back',
  cancelled: 'Cancelled',
};

function Took({ attempt: { started_at, finished_at } }: { attempt: Attempt }) {
  const now = useNow();
  const begin = Date.parse(started_at);
  if (finished_at === undefined) return <>{duration((now - begin) / 1_000)}</>;
  return <>{elapsed((Date.parse(finished_at) - begin) / 1_000)}</>;
}
