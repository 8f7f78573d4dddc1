// One task: how far it is, what its workers say, what came in and out, and what can be done with it.

import { Button, Skeleton, Stack } from '@mantine/core';
import { IconMapQuestion, IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { explain, isMissing, milepost, type Task } from '../../api';
import { Blank } from '../../parts/Blank';
import { Json } from '../../parts/Code';
import { useTitle } from '../../parts/useTitle';
import { Attempts } from './Attempts';
import { Dependencies } from './Dependencies';
import { Facts } from './Facts';
import { Family } from './family/Family';
import { Log } from './Log';
import { Panel } from './Panel';
import { ProgressPanel } from './ProgressPanel';
import classes from './task.module.css';
import { TaskError } from './TaskError';
import { TaskHeader } from './TaskHeader';
import { Timeline } from './Timeline';
import { useLiveTask } from './useLiveTask';

export function TaskPage() {
  const { id } = useParams({ from: '/tasks/$id' });
  // A task's page keeps nothing from the one before.
  return <OneTask key={id} id={id} />;
}

function OneTask({ id }: { id: string }) {
  const { task, logs, status, error, restart, deleted } = useLiveTask(id);
  useTitle(task ? `${task.kind} ${task.state}` : 'Task');

  if (deleted) {
    return (
      <NoTask title="This task was deleted" text="Nothing of it is kept but its number in the log.">
        <Button component={Link} to="/" variant="default">
          All tasks
        </Button>
      </NoTask>
    );
  }
  if (task === undefined && isMissing(error)) {
    return (
      <NoTask title="There is no such task" text={`No task has the id ${id}. It may have been deleted, or the link be incomplete.`}>
        <Button component={Link} to="/" variant="default">
          All tasks
        </Button>
      </NoTask>
    );
  }
  if (task === undefined && status === 'error') {
    return (
      <NoTask title="The task could not be loaded" text={explain(error)}>
        <Button variant="default" onClick={restart}>
          Try again
        </Button>
      </NoTask>
    );
  }
  if (task === undefined) return <Loading />;
  // A group has no worker, so nobody tries it and nobody logs.
  const isTaken = task.complete_when_children_done !== true;

  return (
    <Stack gap="md">
      <TaskHeader task={task} onChanged={restart} />
      {/* Over the page, not in it: losing the connection moves nothing. */}
      <div className={classes.banner} role="status">
        {status === 'reconnecting' && (
          <div className={classes.notice} data-testid="reconnecting">
            <IconPlugConnectedX size={18} aria-hidden />
            <span>
              <strong>Reconnecting.</strong> What happens meanwhile is shown when the connection is back.
            </span>
          </div>
        )}
        {status === 'error' && (
          <div className={classes.notice}>
            <span>
              <strong>Not live any more.</strong> {explain(error)}
            </span>
            <Button size="compact-xs" variant="default" onClick={restart}>
              Watch again
            </Button>
          </div>
        )}
      </div>
      <ProgressPanel task={task} />
      <Family task={task} />
      <div className={classes.columns}>
        <div className={classes.column}>
          {isTaken && <Log task={task} lines={logs} />}
          <Timeline task={task} />
        </div>
        <div className={classes.column}>
          <Dependencies task={task} />
          <Facts task={task} />
          {isTaken && <Attempts task={task} />}
          <Bodies task={task} />
        </div>
      </div>
    </Stack>
  );
}

/** Input, output and error. Streams leave out the input and whatever is long, so the task is asked for. */
function Bodies({ task }: { task: Task }) {
  const whole = useQuery({
    queryKey: ['task', task.id, task.output_omitted === true ? task.cursor : task.bodies_dropped === true ? 'dropped' : 'input'],
    queryFn: ({ signal }) => milepost.getTask(task.id, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const given = task.output_omitted ? whole.data : task;
  return (
    <>
      {task.state !== 'succeeded' && given?.error && <TaskError error={given.error} />}
      {given?.output !== undefined && (
        <Panel title="Output">
          <Json value={given.output} what="output" />
        </Panel>
      )}
      <Panel title="Input">
        {whole.isPending && <Skeleton height={38} />}
        {whole.isError && (
          <Button size="xs" variant="default" onClick={() => void whole.refetch()}>
            Could not be loaded. Try again
          </Button>
        )}
        {whole.isSuccess &&
          (whole.data.input === undefined ? (
            <p className={classes.none}>{task.bodies_dropped ? 'No longer kept, nor is the output.' : 'Submitted without an input.'}</p>
          ) : (
            <Json value={whole.data.input} what="input" />
          ))}
      </Panel>
    </>
  );
}

function NoTask({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <section className="panel">
      <Blank whole role="alert" icon={<IconMapQuestion size={36} stroke={1.4} aria-hidden />} title={title} text={text}>
        {children}
      </Blank>
    </section>
  );
}

function Loading() {
  return (
    <Stack gap="md" role="status" aria-label="Loading the task">
      <Skeleton height={52} width="50%" />
      <Skeleton height={128} />
      <div className={classes.columns}>
        <Skeleton height={440} />
        <Skeleton height={300} />
      </div>
    </Stack>
  );
}
