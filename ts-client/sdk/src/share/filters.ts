// Filters held against tasks and against each other, as the server holds them.

import type { StreamFilter, State, Task, TaskFilter } from "../types.js";

/** What openEventStream takes at most, all filters together. */
export const MOST_FILTERS = 64;
export const MOST_IDS = 500;

/** The server's own tasks show only to who asks for their queue, or for them by id. */
const RESERVED_QUEUE = "milepost";

export const idsOf = ({ task }: TaskFilter): readonly string[] =>
  task === undefined ? [] : typeof task === "string" ? [task] : task;

const statesOf = ({ state }: TaskFilter): readonly State[] =>
  state === undefined ? [] : typeof state === "string" ? [state] : state;

/** Whether `filter` lets this task through. */
export function matches(filter: TaskFilter, task: Task): boolean {
  const ids = idsOf(filter);
  const states = statesOf(filter);
  if (task.queue === RESERVED_QUEUE && filter.queue === undefined && ids.length === 0) return false;
  return (
    (ids.length === 0 || ids.includes(task.id)) &&
    (filter.queue === undefined || filter.queue === task.queue) &&
    (filter.kind === undefined || filter.kind === task.kind) &&
    (states.length === 0 || states.includes(task.state)) &&
    Object.entries(filter.labels ?? {}).every(([key, value]) => task.labels[key] === value)
  );
}

/** Whether every task that `narrow` lets through passes `wide` as well. */
export function covers(wide: TaskFilter, narrow: TaskFilter): boolean {
  return isWithin(wide, narrow) && !isHiddenFrom(wide, narrow);
}

/**
 * Whether these together let through what `narrow` does. A task that is wanted by its id may be one of the
 * server's own, unless `queueOf` knows better.
 */
export function coveredBy(
  wide: readonly TaskFilter[],
  narrow: TaskFilter,
  queueOf: (id: string) => string | undefined = () => undefined,
): boolean {
  if (wide.some((one) => covers(one, narrow))) return true;
  const ids = idsOf(narrow);
  if (narrow.queue !== undefined || ids.length === 0) return false;
  return ids.every((task) => {
    const known = queueOf(task);
    const queue = known ?? RESERVED_QUEUE;
    return (
      wide.some((one) => covers(one, { ...narrow, task, queue })) &&
      (known !== undefined || wide.some((one) => isWithin(one, { ...narrow, task })))
    );
  });
}

/** As far as the parts of the filters go. */
function isWithin(wide: TaskFilter, narrow: TaskFilter): boolean {
  return (
    within(idsOf(wide), idsOf(narrow)) &&
    within(statesOf(wide), statesOf(narrow)) &&
    (wide.queue === undefined || wide.queue === narrow.queue) &&
    (wide.kind === undefined || wide.kind === narrow.kind) &&
    Object.entries(wide.labels ?? {}).every(([key, value]) => narrow.labels?.[key] === value)
  );
}

/** Whether `narrow` may show the server's own tasks, and `wide` does not. */
function isHiddenFrom(wide: TaskFilter, narrow: TaskFilter): boolean {
  if (wide.queue !== undefined || idsOf(wide).length > 0) return false;
  return narrow.queue === RESERVED_QUEUE || (narrow.queue === undefined && idsOf(narrow).length > 0);
}

const within = (wide: readonly string[], narrow: readonly string[]): boolean =>
  wide.length === 0 || (narrow.length > 0 && narrow.every((one) => wide.includes(one)));

const isOnlyIds = ({ queue, kind, state, labels }: TaskFilter): boolean =>
  queue === undefined && kind === undefined && state === undefined && labels === undefined;

/** The fewest filters that together let through what these do. */
export function joined(filters: readonly TaskFilter[]): TaskFilter[] {
  const kept: TaskFilter[] = [];
  const ids = new Set<string>();
  for (const filter of filters) {
    // Tasks by id are one filter, however many hooks each want one of them.
    if (idsOf(filter).length > 0 && isOnlyIds(filter)) idsOf(filter).forEach((id) => ids.add(id));
    else if (!kept.some((wide) => covers(wide, filter))) {
      kept.splice(0, kept.length, ...kept.filter((narrow) => !covers(filter, narrow)), filter);
    }
  }
  if (ids.size > 0 && !coveredBy(kept, { task: [...ids] })) kept.push({ task: [...ids] });
  return kept;
}

/** Whether the server takes so many filters and ids at once. */
export function fits(filters: readonly TaskFilter[]): boolean {
  const ids = filters.reduce((sum, filter) => sum + idsOf(filter).length, 0);
  return filters.length <= MOST_FILTERS && ids <= MOST_IDS;
}

/**
 * These filters, or beyond what the server takes one for every task: more is heard than is wanted
 * then, but on one connection.
 */
export function withinLimits(filters: TaskFilter[]): TaskFilter[] {
  return fits(filters) ? filters : everything(filters);
}

/** Every task that any of these may let through: the server's own too, if one of them may. */
export function everything(filters: readonly TaskFilter[]): TaskFilter[] {
  const reserved = filters.some((filter) => isHiddenFrom({}, filter));
  return reserved ? [{}, { queue: RESERVED_QUEUE }] : [{}];
}

/** A filter as openEventStream takes it. */
export function toStreamFilter(filter: TaskFilter): StreamFilter {
  const ids = idsOf(filter);
  const states = statesOf(filter);
  return {
    ...(ids.length > 0 && { tasks: [...ids] }),
    ...(filter.queue !== undefined && { queue: filter.queue }),
    ...(filter.kind !== undefined && { kind: filter.kind }),
    ...(states.length > 0 && { states: [...states] }),
    ...(filter.labels !== undefined && { labels: { ...filter.labels } }),
  };
}
