// Which dead letters are shown, as the page's address says it: as the table of tasks, whatever state it names.

import type { Task } from '../../api';
import { type Filters, readFilters } from '../tasks/filters';

export type DeadLetterSearch = Omit<Filters, 'state'>;

/** Reads what an address says; what cannot be understood is as if it were not there. */
export function readDeadLetters(search: Record<string, unknown>): DeadLetterSearch {
  const { state: _, ...filters } = readFilters(search);
  // Addresses of 0.3.0 have one error, as `error`.
  if (filters.error_type !== undefined || typeof search.error !== 'string' || search.error === '') return filters;
  return { ...filters, error_type: [search.error] };
}

/** What the server finds them by. */
export function filtersOf(search: DeadLetterSearch): Filters {
  return { ...search, state: ['failed'] };
}

/** The same of any error. */
export function withoutErrors<T extends DeadLetterSearch>(search: T): Omit<T, 'error_type'> {
  const { error_type: _, ...others } = search;
  return others;
}

/** The types with this one among them, or without it where it was. */
export function toggled(types: readonly string[], type: string): string[] {
  return types.includes(type) ? types.filter((one) => one !== type) : [...types, type];
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
