// A filter as the query parameters of the contract, and as a key that tells two filters apart.

import type { operations, TaskFilter } from "./types.js";

type WatchQuery = NonNullable<operations["watchEvents"]["parameters"]["query"]>;

export type FilterQuery = Pick<WatchQuery, "task" | "queue" | "kind" | "state" | "label">;

const listOf = <T extends string>(value: T | readonly T[]): T[] =>
  // Sorted, because the order says nothing and the key must not differ by it.
  (typeof value === "string" ? [value] : [...value]).sort();

export function filterQuery(filter: TaskFilter): FilterQuery {
  const query: FilterQuery = {};
  if (filter.task !== undefined) query.task = listOf(filter.task);
  if (filter.queue !== undefined) query.queue = filter.queue;
  if (filter.kind !== undefined) query.kind = filter.kind;
  if (filter.state !== undefined) query.state = listOf(filter.state);
  if (filter.labels !== undefined) {
    query.label = listOf(Object.entries(filter.labels).map(([key, value]) => `${key}=${value}`));
  }
  return query;
}

/** The same for two filters that mean the same. */
export function filterKey(filter: TaskFilter): string {
  const { task, queue, kind, state, label } = filterQuery(filter);
  return JSON.stringify([task, queue, kind, state, label]);
}
