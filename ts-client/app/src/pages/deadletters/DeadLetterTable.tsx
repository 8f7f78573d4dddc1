import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { milepost, type Task } from '../../api';
import { feed } from '../../live/feed';
import { Confirm } from '../../parts/Confirm';
import { sayDone } from '../../parts/notices';
import { ActionsHead } from '../../parts/RowActions';
import tasks from '../tasks/tasks.module.css';
import { Gap, useWindowRows } from '../tasks/useWindowRows';
import classes from './deadletters.module.css';
import { DeadLetterRow } from './DeadLetterRow';

export function DeadLetterTable({ tasks: letters, fading }: { tasks: readonly Task[]; fading: boolean }) {
  const { body, visible, before, after } = useWindowRows(letters);
  const [asking, setAsking] = useState<Task>();
  const remove = useMutation({
    mutationFn: (task: Task) => milepost.delete(task.id),
    onSuccess: () => sayDone('The task is deleted.'),
  });
  const retry = useMutation({
    mutationFn: (task: Task) => milepost.retry(task.id),
    onSuccess: (task) => {
      feed.put([task]);
      sayDone(`${task.kind} is tried again.`);
    },
  });
  const { mutate } = retry;
  return (
    <>
      <table className={`${tasks.table} ${classes.table}`} data-fading={fading || undefined} aria-rowcount={letters.length + 1}>
        <caption className={tasks.unseen}>Tasks that failed, newest first</caption>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={classes.taskColumn}>
              Task
            </th>
            <th scope="col">Error</th>
            <th scope="col" className={tasks.queueColumn}>
              Queue
            </th>
            <th scope="col" className={classes.attemptsColumn}>
              Attempts
            </th>
            <th scope="col" className={classes.failedColumn}>
              Failed
            </th>
            <ActionsHead className={classes.actionColumn} />
          </tr>
        </thead>
        <tbody ref={body}>
          <Gap height={before} />
          {visible.map(({ index }) => {
            const task = letters[index];
            return task && <DeadLetterRow key={task.id} task={task} position={index + 2} onRetry={mutate} onDelete={setAsking} />;
          })}
          <Gap height={after} />
        </tbody>
      </table>
      <Confirm
        opened={asking !== undefined}
        title={`Delete this ${asking?.kind ?? 'task'}?`}
        text="Its input, output and log are gone for good."
        action="Delete the task"
        dismiss="Keep it"
        onConfirm={() => asking && remove.mutate(asking)}
        onClose={() => setAsking(undefined)}
      />
    </>
  );
}
