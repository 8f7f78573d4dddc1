// A family as the rows of a table: each task, and right below it those of its children that are shown.

import type { Task } from '../../../api';

/** What is known of one task's children. */
export interface Branch {
  /** Newest first, as far as they were read. */
  tasks: readonly Task[];
  /** There are older ones. */
  hasMore: boolean;
  loading: boolean;
  error: unknown;
}

export type Row =
  | { type: 'task'; id: string; level: number; task: Task; open: boolean; position: number; size: number }
  | { type: 'more' | 'none' | 'full'; id: string; level: number; parent: string; first: boolean; loading: boolean; error: unknown };

/** So many rows that no more are loaded: nobody looks through them by eye. */
export const MOST_ROWS = 3_000;

// The contract has no deeper ones.
const MOST_LEVELS = 8;

/** The rows below `root`, from what is known of each task that is open. */
export function rowsOf(root: string, branches: ReadonlyMap<string, Branch>): Row[] {
  const rows: Row[] = [];
  add(root, 1);
  return rows;

  function add(parent: string, level: number): void {
    const branch = branches.get(parent);
    if (branch === undefined || level > MOST_LEVELS) return;
    const { tasks, hasMore, loading, error } = branch;
    tasks.forEach((task, index) => {
      const open = branches.has(task.id);
      rows.push({ type: 'task', id: task.id, level, task, open, position: index + 1, size: hasMore ? -1 : tasks.length });
      if (open) add(task.id, level + 1);
    });
    const end = (type: 'more' | 'none' | 'full') => rows.push({ type, id: `${type} ${parent}`, level, parent, first: tasks.length === 0, loading, error });
    if (hasMore && rows.length >= MOST_ROWS) end('full');
    else if (hasMore || loading || error !== undefined) end('more');
    else if (tasks.length === 0) end('none');
  }
}
