import { useQueue } from '@milepost/client/react';
import { Link } from '@tanstack/react-router';

import type { Queue, Task } from '../../api';

/** Why a task waits, as far as can be known. Nothing for one that does not wait. */
export function Waiting({ task }: { task: Task }) {
  if (task.state === 'queued') return <Queued task={task} />;
  const { waiting_for: open } = task;
  if (task.state !== 'scheduled' || open === undefined) return null;
  return <span data-testid="waiting">Waiting for {open === 1 ? 'a task' : `${open} tasks`} to end.</span>;
}

function Queued({ task }: { task: Task }) {
  const { queue } = useQueue(task.queue);
  const why = queue && reason(task, queue);
  return (
    <span data-testid="waiting">
      {why === undefined ? (
        <>Waiting for {task.worker ?? 'a worker'}.</>
      ) : (
        <>
          {why} <Link to="/queues">Queues</Link>
        </>
      )}
    </span>
  );
}

function reason(task: Task, queue: Queue): string | undefined {
  const { name, paused, max_concurrency, parked, counts } = queue;
  if (paused) return `The queue ${name} is paused.`;
  if (max_concurrency !== undefined && counts.running >= max_concurrency) {
    return `The queue ${name} runs as many tasks as it may: ${max_concurrency}.`;
  }
  if (task.concurrency_key !== undefined && parked > 0) return `It may wait for another task of its key ${task.concurrency_key}.`;
  return undefined;
}
