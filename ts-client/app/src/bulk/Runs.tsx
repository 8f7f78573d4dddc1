// Runs over many tasks, live: they are tasks of the server's own, so a page that was loaded anew finds them.

import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTask } from '@milepost/client/react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';

import { milepost, type Task } from '../api';
import { useNow } from '../live/clock';
import { duration, percent } from '../live/format';
import { secondsLeft } from '../live/remaining';
import { ProgressBar } from '../parts/ProgressBar';
import classes from './bulk.module.css';
import { filterInWords, type Order, orderOf, resultOf, tasks, words } from './bulk';
import { dismissRun, noteRun, useRuns } from './useRuns';

export function Runs() {
  const ids = useRuns();
  if (ids.length === 0) return null;
  return (
    <div className={classes.runs} role="group" aria-label="Runs over many tasks">
      {ids.map((id) => (
        <Run key={id} id={id} />
      ))}
    </div>
  );
}

function Run({ id }: { id: string }) {
  const { task } = useTask(id);
  // Streams leave the input out, and it never changes.
  const { data: order } = useQuery({
    queryKey: ['run', id],
    queryFn: async ({ signal }) => orderOf(await milepost.getTask(id, { signal })) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const shown = order !== undefined && order !== null && !order.dryRun;
  useEffect(() => {
    if (shown) noteRun(id);
  }, [shown, id]);
  return task !== undefined && shown ? <OneRun task={task} order={order} /> : null;
}

function OneRun({ task, order }: { task: Task; order: Order }) {
  const cancel = useMutation({ mutationFn: () => milepost.cancel(task.id) });
  const { doing } = words[order.action];
  return (
    <section className={`panel ${classes.run}`} aria-label={`${doing} tasks`} data-testid="run" data-state={task.state}>
      <div className={classes.saying}>
        <Link to="/tasks/$id" params={{ id: task.id }} className={classes.link}>
          {task.done ? outcome(task, order) : `${doing} tasks`}
        </Link>{' '}
        <span className={classes.which}>{filterInWords(order.filter)}</span>
      </div>
      <ProgressBar label={`Progress of the run`} task={task} />
      <span className={`numbers ${classes.numbers}`}>
        <Numbers task={task} />
      </span>
      {task.done ? (
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Dismiss the run" onClick={() => dismissRun(task.id)}>
          <IconX size={15} />
        </ActionIcon>
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          loading={cancel.isPending}
          disabled={task.links.cancel === undefined || task.cancel_requested === true}
          onClick={() => cancel.mutate()}
        >
          {task.cancel_requested ? 'Stopping' : 'Stop'}
        </Button>
      )}
      <span role="status" className={classes.unseen}>
        {task.done ? outcome(task, order) : ''}
      </span>
    </section>
  );
}

function outcome(task: Task, { action }: Order): string {
  const result = resultOf(task);
  if (result !== undefined) {
    const { changed, skipped } = result;
    return `${tasks(changed)} ${words[action].done}${skipped > 0 ? `, ${skipped.toLocaleString('en')} had gone on by themselves` : ''}`;
  }
  return task.state === 'cancelled' ? 'The run was stopped' : `The run failed: ${task.error?.title ?? 'see its page'}`;
}

function Numbers({ task }: { task: Task }) {
  const { progress } = task;
  const left = secondsLeft(task, useNow());
  if (task.done) return null;
  if (progress?.total === undefined) return <>{progress?.message ?? 'waiting to begin'}</>;
  return (
    <>
      {(progress.current ?? 0).toLocaleString('en')} of {tasks(progress.total)}
      {progress.percent !== undefined && `, ${percent(progress.percent)}`}
      {left !== undefined && `, ${duration(left)} left`}
    </>
  );
}
