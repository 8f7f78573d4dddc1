// One thing done to all tasks that match: what can be asked, and what a run says of itself.

import { ACTIVE, type BulkSelection, type State, type Task } from '../api';
import { moment, shortId } from '../live/format';
import { stateName } from '../parts/StateBadge';
import type { Filters } from '../pages/tasks/filters';

export type Action = 'cancel' | 'retry' | 'delete';

/** The states in which a thing can be done; the server leaves tasks in others alone. */
const able: Record<Action, readonly State[]> = {
  cancel: ACTIVE,
  retry: ['failed', 'cancelled'],
  delete: ['succeeded', 'failed', 'cancelled'],
};

/** What can be done to tasks in these states; to those in any state, everything. */
export function actionsFor(states: readonly State[] | undefined): Action[] {
  const all: Action[] = ['cancel', 'retry', 'delete'];
  return states === undefined ? all : all.filter((action) => states.some((state) => able[action].includes(state)));
}

/** The page's filters as a run has them. */
export function bulkFilterOf({ state, label, error_type, ...others }: Filters): BulkSelection {
  const labels = label?.map((text): [string, string] => {
    const at = text.indexOf('=');
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return { ...others, ...(state && { states: state }), ...(labels && { labels: Object.fromEntries(labels) }), ...(error_type && { error_types: error_type }) };
}

/** Which tasks, in words: `failed, in the queue mail`. */
export function filterInWords(filter: BulkSelection): string {
  const { states, queue, kind, labels = {}, parent, schedule, error_types, created_after, created_before, q } = filter;
  const words = [
    states?.map((state) => stateName(state).toLowerCase()).join(' or '),
    kind && `of the kind ${kind}`,
    queue && `in the queue ${queue}`,
    ...Object.entries(labels).map(([key, value]) => `with ${key}=${value}`),
    parent && `children of ${shortId(parent)}`,
    schedule && `submitted by the schedule ${schedule}`,
    error_types && `with the error ${error_types.join(' or ')}`,
    created_after && `created after ${moment(created_after)}`,
    created_before && `created before ${moment(created_before)}`,
    q && `with “${q}” in the id or kind`,
  ];
  return words.filter(Boolean).join(', ');
}

/** What a run was told to do. */
export interface Order {
  action: Action;
  filter: BulkSelection;
  dryRun: boolean;
}

/** What a run's input says; nothing for a task that is no run. */
export function orderOf({ input }: Task): Order | undefined {
  if (!isObject(input) || !isAction(input.action)) return undefined;
  return { action: input.action, filter: isObject(input.filter) ? (input.filter as BulkSelection) : {}, dryRun: input.dry_run === true };
}

/** What a run came to. */
export interface Result {
  matched: number;
  changed: number;
  skipped: number;
}

/** What a run's output says; nothing before it has one. */
export function resultOf({ state, output }: Task): Result | undefined {
  if (state !== 'succeeded' || !isObject(output)) return undefined;
  const count = (name: string) => (typeof output[name] === 'number' ? output[name] : 0);
  return { matched: count('matched'), changed: count('changed'), skipped: count('skipped') };
}

function isAction(value: unknown): value is Action {
  return value === 'cancel' || value === 'retry' || value === 'delete';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `1 task`, `1,204 tasks`. */
export function tasks(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'task' : 'tasks'}`;
}

/** How an action is called: as a button, while it goes on, and when it is over. */
export const words: Record<Action, { button: string; doing: string; done: string }> = {
  cancel: { button: 'Cancel', doing: 'Cancelling', done: 'cancelled' },
  retry: { button: 'Retry', doing: 'Retrying', done: 'retried' },
  delete: { button: 'Delete', doing: 'Deleting', done: 'deleted' },
};
