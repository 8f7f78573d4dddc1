import { Button, Loader } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';

import { explain } from '../../../api';
import { amount, percent, shortId } from '../../../live/format';
import { filled } from '../../../parts/filled';
import { ProgressBar } from '../../../parts/ProgressBar';
import { StateBadge } from '../../../parts/StateBadge';
import { Tally } from '../../../parts/Tally';
import classes from './family.module.css';
import type { Row } from './rows';

type OneTask = Extract<Row, { type: 'task' }>;
type End = Exclude<Row, { type: 'task' }>;

interface Place {
  index: number;
  /** In pixels, from the first row. */
  top: number;
}

interface TaskProps extends Place, OneTask {
  onToggle(id: string, open: boolean): void;
}

/** One task of a family. Drawn again only when it changed or moved. */
export const TaskRow = memo(function TaskRow({ index, top, level, task, open, position, size, onToggle }: TaskProps) {
  const value = filled(task.state, task.progress);
  const { children } = task;
  return (
    <div
      className={classes.row}
      role="row"
      aria-level={level}
      aria-rowindex={index + 1}
      aria-posinset={position}
      aria-setsize={size}
      aria-expanded={children === undefined ? undefined : open}
      data-index={index}
      data-testid="family-row"
      data-task={task.id}
      data-state={task.state}
      style={{ transform: `translateY(${top}px)`, '--level': level } as React.CSSProperties}
    >
      <span role="gridcell" className={classes.name}>
        {children === undefined ? (
          <span className={classes.leaf} />
        ) : (
          <button
            type="button"
            className={classes.toggle}
            aria-label={`${open ? 'Hide' : 'Show'} the ${amount(children.total)} children of ${task.kind}`}
            onClick={() => onToggle(task.id, !open)}
          >
            {open ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />}
          </button>
        )}
        <Link to="/tasks/$id" params={{ id: task.id }} className={classes.link}>
          {task.kind}
        </Link>
        <span className={`mono ${classes.id}`} title={task.id}>
          {shortId(task.id)}
        </span>
      </span>
      <span role="gridcell" className={classes.own}>
        {children !== undefined && (
          <>
            <Tally counts={children} />
            <span className="numbers">
              {amount(children.done)}/{amount(children.total)}
            </span>
          </>
        )}
      </span>
      <span role="gridcell" className={classes.state}>
        <StateBadge state={task.state} cancelling={task.cancel_requested === true} still />
      </span>
      <span role="gridcell" className={classes.progress}>
        <ProgressBar label={`Progress of ${task.kind}`} task={task} />
        <span className={`numbers ${classes.percent}`}>{value === undefined ? '' : percent(value)}</span>
      </span>
    </div>
  );
});

interface EndProps extends Place {
  row: End;
  onRetry(parent: string): void;
}

/** Where the children that were read end: more are on their way, could not be read, or there are none. */
export function EndRow({ index, top, row, onRetry }: EndProps) {
  return (
    <div
      className={classes.row}
      role="row"
      aria-level={row.level}
      aria-rowindex={index + 1}
      data-index={index}
      style={{ transform: `translateY(${top}px)`, '--level': row.level } as React.CSSProperties}
    >
      <span role="gridcell" className={classes.end}>
        <Ending row={row} onRetry={onRetry} />
      </span>
    </div>
  );
}

function Ending({ row, onRetry }: Pick<EndProps, 'row' | 'onRetry'>) {
  if (row.error !== undefined) {
    return (
      <>
        {explain(row.error)}{' '}
        <Button size="compact-xs" variant="default" onClick={() => onRetry(row.parent)}>
          Try again
        </Button>
      </>
    );
  }
  switch (row.type) {
    case 'more':
      return (
        <>
          <Loader size={13} color="gray" aria-hidden /> {row.first ? 'Loading the children' : 'Loading older ones'}
        </>
      );
    case 'full':
      return (
        <>
          There are older ones.{' '}
          <Link to="/" search={{ parent: row.parent }}>
            Find them in the task table
          </Link>
        </>
      );
    case 'none':
      return <>No child is like that now; those that were deleted are counted on.</>;
  }
}
