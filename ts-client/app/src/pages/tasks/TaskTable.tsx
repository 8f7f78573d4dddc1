// The table. Only the rows on screen are in the page, however many tasks there are; all rows are of
// one height, so that nothing has to be measured and nothing moves.

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';

import type { Task } from '../../api';
import { ROW_HEIGHT, TaskRow } from './TaskRow';
import classes from './tasks.module.css';

export function TaskTable({ tasks, fading }: { tasks: readonly Task[]; fading: boolean }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY);
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  const rows = useWindowVirtualizer({
    count: tasks.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => tasks[index]?.id ?? index,
    overscan: 8,
    scrollMargin: top,
  });
  const visible = rows.getVirtualItems();
  const before = (visible[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((visible.at(-1)?.end ?? top) - top);

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
        {before > 0 && <Gap height={before} />}
        {visible.map(({ index }) => {
          const task = tasks[index];
          return task && <TaskRow key={task.id} task={task} position={index + 2} />;
        })}
        {after > 0 && <Gap height={after} />}
      </tbody>
    </table>
  );
}

/** Stands for the rows that are not on screen. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" className={classes.gap}>
      {/* One cell of no width of its own: spanning hidden columns would bring them back. */}
      <td style={{ height }} />
    </tr>
  );
}
