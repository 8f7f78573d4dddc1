import type { Task } from '../../api';
import { TaskRow } from './TaskRow';
import classes from './tasks.module.css';
import { Gap, useWindowRows } from './useWindowRows';

/** The table. Only the rows on screen are in the page, however many tasks there are. */
export function TaskTable({ tasks, fading }: { tasks: readonly Task[]; fading: boolean }) {
  const { body, visible, before, after } = useWindowRows(tasks);
  return (
    <table className={classes.table} data-fading={fading || undefined} aria-rowcount={tasks.length + 1}>
      <caption className={classes.unseen}>Tasks, newest first</caption>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className={classes.stateColumn}>
            State
          </th>
          <th scope="col">Task</th>
          <th scope="col" className={classes.queueColumn}>
            Queue
          </th>
          <th scope="col" className={classes.progressColumn}>
            Progress
          </th>
          <th scope="col" className={classes.etaColumn}>
            Left
          </th>
          <th scope="col" className={classes.ageColumn}>
            Age
          </th>
          <th scope="col" className={classes.workerColumn}>
            Worker
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap height={before} />
        {visible.map(({ index }) => {
          const task = tasks[index];
          return task && <TaskRow key={task.id} task={task} position={index + 2} />;
        })}
        <Gap height={after} />
      </tbody>
    </table>
  );
}
