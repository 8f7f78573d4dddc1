// Which tasks the table shows, as the page's address says it: `?state=running&label=team=render`.
// The same names and form as the API's listTasks, so that one can be copied from the other.

import { STATES, type State, type Task } from '../../api';

export interface Filters {
  state?: State[];
  queue?: string;
  kind?: string;
  /** `key=value`, all of them must be there. */
  label?: string[];
  /** Parts of this task. */
  parent?: string;
  /** Submitted by this schedule. */
  schedule?: string;
  /** Of the error it ended with: any of these types. */
  error_type?: string[];
  /** Created after this time (RFC 3339). */
  created_after?: string;
  /** A part of the id or the kind, whatever the case. */
  q?: string;
}

/** Reads what an address says; what cannot be understood is as if it were not there. */
export function readFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {};
  const states = texts(search.state).filter((text): text is State => STATES.includes(text as State));
  if (states.length > 0) filters.state = states;
  const labels = texts(search.label).filter(isLabel);
  if (labels.length > 0) filters.label = labels;
  const errors = texts(search.error_type);
  if (errors.length > 0) filters.error_type = errors;
  for (const name of ['queue', 'kind', 'parent', 'schedule', 'q'] as const) {
    const text = texts(search[name])[0];
    if (text) filters[name] = text;
  }
  const after = texts(search.created_after)[0];
  if (after !== undefined && !Number.isNaN(Date.parse(after))) filters.created_after = after;
  return filters;
}

/** Whether a text is a label filter: a key, `=`, and any value. */
export function isLabel(text: string): boolean {
  return text.indexOf('=') > 0;
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}

/** Whether the table shows `task`: the rule of the server's lists, for tasks that arrive live. */
export function matches(task: Task, filters: Filters): boolean {
  const { state, queue, kind, label = [], parent, schedule, error_type, created_after, q } = filters;
  return (
    (state === undefined || state.includes(task.state)) &&
    (queue === undefined || task.queue === queue) &&
    (kind === undefined || task.kind === kind) &&
    (parent === undefined || task.parent_id === parent) &&
    (schedule === undefined || task.schedule_id === schedule) &&
    (error_type === undefined || (task.done && task.error !== undefined && error_type.includes(task.error.type))) &&
    (created_after === undefined || Date.parse(task.created_at) > Date.parse(created_after)) &&
    label.every((text) => {
      const at = text.indexOf('=');
      return task.labels[text.slice(0, at)] === text.slice(at + 1);
    }) &&
    (q === undefined || includes(task.id, q) || includes(task.kind, q))
  );
}

function includes(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function texts(value: unknown): string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one): one is string => typeof one === 'string' && one !== '');
}

/** An address's `?…` as names and texts; a name that is there twice has a list of them. */
export function parseSearch(search: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [name, text] of new URLSearchParams(search)) {
    const before = found[name];
    found[name] = before === undefined ? text : [...(Array.isArray(before) ? before : [before]), text];
  }
  return found;
}

/** The other way round. */
export function writeSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const text of texts(value)) params.append(name, text);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The queues and kinds of the tasks, to be chosen from. */
export function namesOf(tasks: readonly { queue: string; kind: string }[]): { queues: string[]; kinds: string[] } {
  return { queues: sorted(tasks.map((task) => task.queue)), kinds: sorted(tasks.map((task) => task.kind)) };
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].toSorted();
}
