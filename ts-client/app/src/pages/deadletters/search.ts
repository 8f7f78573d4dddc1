// Which dead letters are shown, as the page's address says it: as the table of tasks, and by the error.

import type { Task } from '../../api';
import { type Filters, readFilters } from '../tasks/filters';

export interface DeadLetterSearch extends Omit<Filters, 'state'> {
  /** The type of the error. */
  error?: string;
}

/** Reads what an address says; what cannot be understood is as if it were not there. */
export function readDeadLetters(search: Record<string, unknown>): DeadLetterSearch {
  const { state: _, ...filters } = readFilters(search);
  return typeof search.error === 'string' && search.error !== '' ? { ...filters, error: search.error } : filters;
}

/** What the server finds them by: it knows no errors. */
export function filtersOf(search: DeadLetterSearch): Filters {
  const { error: _, ...filters } = search;
  return { ...filters, state: ['failed'] };
}

export interface ErrorGroup {
  type: string;
  /** What the newest of them says. */
  title: string | undefined;
  count: number;
}

/** The errors of the tasks, the most frequent first. */
export function groupByError(tasks: readonly Task[]): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const { error } of tasks) {
    if (error === undefined) continue;
    const group = groups.get(error.type);
    if (group === undefined) groups.set(error.type, { type: error.type, title: error.title, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count);
}
