// The tree. Only the rows on screen are in the page; all are of one height, as in the table of tasks.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef } from 'react';

import type { Task } from '../../../api';
import classes from './family.module.css';
import { EndRow, TaskRow } from './FamilyRow';
import { type Row, rowsOf } from './rows';
import type { FamilySearch } from './search';
import { useFamily } from './useFamily';

/** In pixels; the style sheet has the same. */
const ROW_HEIGHT = 36;

interface Props {
  task: Task;
  search: FamilySearch;
  onToggle(id: string, open: boolean): void;
}

export function FamilyTree({ task, search, onToggle }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { branches, loadMore } = useFamily(task.id, search);
  const rows = rowsOf(task.id, branches);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();

  // Who scrolls to the end of what was read goes on reading.
  const due = items
    .map(({ index }) => rows[index])
    .find((row) => row?.type === 'more' && !row.loading && row.error === undefined)?.id;
  const readOn = useEffectEvent((id: string) => {
    const row = rows.find((one) => one.id === id);
    if (row?.type === 'more') loadMore(row.parent);
  });
  useEffect(() => {
    if (due !== undefined) readOn(due);
  }, [due]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const element = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null;
    const at = Number(element?.dataset.index ?? -1);
    const to = element === null ? undefined : stepOf(event.key, at, rows, onToggle);
    if (to === undefined) return;
    event.preventDefault();
    if (to === at) return;
    virtual.scrollToIndex(to);
    box.current?.querySelector<HTMLElement>(`[data-index="${to}"] a, [data-index="${to}"] button`)?.focus({ preventScroll: true });
  };

  return (
    <div
      ref={box}
      className={classes.tree}
      role="treegrid"
      tabIndex={-1}
      aria-label="Children"
      aria-rowcount={rows.some((row) => row.type === 'more') ? -1 : rows.length}
      onKeyDown={onKeyDown}
      style={{ height: Math.min(rows.length, 12.5) * ROW_HEIGHT }}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const place = { index, top: start };
          return row.type === 'task' ? (
            <TaskRow key={row.id} {...place} {...row} onToggle={onToggle} />
          ) : (
            <EndRow key={row.id} {...place} row={row} onRetry={loadMore} />
          );
        })}
      </div>
    </div>
  );
}

/**
 * Where an arrow key leads from the row at `at`, as in any tree: up and down; right opens, and then goes to
 * the first child; left shuts, and then goes to the parent. Undefined for other keys.
 */
export function stepOf(key: string, at: number, rows: readonly Row[], onToggle: Props['onToggle']): number | undefined {
  const row = rows[at];
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, rows.length - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'ArrowRight':
      if (row?.type !== 'task' || row.task.children === undefined) return at;
      if (row.open) return Math.min(at + 1, rows.length - 1);
      onToggle(row.task.id, true);
      return at;
    case 'ArrowLeft':
      if (row?.type === 'task' && row.open) {
        onToggle(row.task.id, false);
        return at;
      }
      return parentOf(at, rows) ?? at;
    default:
      return undefined;
  }
}

function parentOf(at: number, rows: readonly Row[]): number | undefined {
  const level = rows[at]?.level ?? 0;
  const found = rows.findLastIndex((row, index) => index < at && row.level < level);
  return found === -1 ? undefined : found;
}
