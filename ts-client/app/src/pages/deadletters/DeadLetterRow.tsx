import { IconRefresh, IconTrash } from '@tabler/icons-react';
import { memo } from 'react';

import type { Task } from '../../api';
import { useNow } from '../../live/clock';
import { age, moment, shortId } from '../../live/format';
import { RowAction, RowActions } from '../../parts/RowActions';
import { TaskName } from '../tasks/TaskRow';
import tasks from '../tasks/tasks.module.css';
import classes from './deadletters.module.css';

interface Props {
  task: Task;
  position: number;
  onRetry(task: Task): void;
  onDelete(task: Task): void;
}

/** One dead letter: what it was, what it died of, and what its links allow now. */
export const DeadLetterRow = memo(function DeadLetterRow({ task, position, onRetry, onDelete }: Props) {
  const { id, kind, error, links } = task;
  const name = `${kind} ${shortId(id)}`;
  return (
    <tr className={tasks.row} aria-rowindex={position} data-testid="dead-letter" data-task={id}>
      <td className={tasks.taskCell}>
        <TaskName id={id} kind={kind} labels={task.labels} family={task.children?.total} />
      </td>
      <td title={error?.detail ?? error?.title}>
        <div className={classes.title}>{error?.title ?? error?.type}</div>
        {error?.title !== undefined && <div className={`mono ${classes.type}`}>{error.type}</div>}
      </td>
      <td className={tasks.queueColumn}>{task.queue}</td>
      <td className={`numbers ${classes.attemptsColumn}`}>
        {task.attempt} of {task.max_attempts}
      </td>
      <Failed at={task.finished_at ?? task.updated_at} />
      <RowActions>
        {links.retry !== undefined && (
          <RowAction word="Retry" icon={<IconRefresh size={14} aria-hidden />} label={`Retry ${name}`} loading={false} onClick={() => onRetry(task)} />
        )}
        {links.delete !== undefined && (
          <RowAction word="Delete" icon={<IconTrash size={14} aria-hidden />} label={`Delete ${name}`} loading={false} onClick={() => onDelete(task)} />
        )}
      </RowActions>
    </tr>
  );
});

function Failed({ at }: { at: string }) {
  const words = age((useNow() - Date.parse(at)) / 1_000);
  return (
    <td className={`numbers ${classes.failedColumn}`} title={moment(at)}>
      {words === 'now' ? words : `${words} ago`}
    </td>
  );
}
