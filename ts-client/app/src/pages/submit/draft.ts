// What stands in the form, and the way from there to a request and from a problem back to the fields.

import type { AfterFailure, ChildFailure, NewStage, NewTask } from '../../api';
import { jsonError, parseExactly } from '../../parts/json';
import { firstName } from '../../parts/refusal';

export interface Draft {
  kind: string;
  queue: string;
  /** JSON as typed. */
  input: string;
  labels: { key: string; value: string }[];
  priority: number | string;
  max_attempts: number | string;
  timeout_seconds: number | string;
  delay_seconds: number | string;
  /** As `<input type="datetime-local">` has it: the reader's time, without a zone. */
  run_at: string;
  deadline_seconds: number | string;
  concurrency_key: string;
  stages: { name: string; weight: number | string }[];
  parent_id: string;
  weight: number | string;
  /** No worker takes it: it is done when its children are. */
  complete_when_children_done: boolean;
  /** Said only of such a one. */
  child_failure: ChildFailure;
  unique_key: string;
  /** The ids of the tasks it waits for. */
  after: string[];
  /** Said only of one that waits. */
  after_failure: AfterFailure;
}

export function emptyDraft(): Draft {
  return {
    kind: '',
    queue: 'default',
    input: '',
    labels: [],
    priority: '',
    max_attempts: '',
    timeout_seconds: '',
    delay_seconds: '',
    run_at: '',
    deadline_seconds: '',
    concurrency_key: '',
    stages: [],
    parent_id: '',
    weight: '',
    complete_when_children_done: false,
    child_failure: 'fail_fast',
    unique_key: '',
    after: [],
    after_failure: 'cancel',
  };
}

/** What an address fills in: `/submit?kind=report.build&parent=ID`. */
export interface Preset {
  kind?: string;
  parent?: string;
}

export function readPreset({ kind, parent }: Record<string, unknown>): Preset {
  return {
    ...(typeof kind === 'string' && kind !== '' && { kind }),
    ...(typeof parent === 'string' && parent !== '' && { parent }),
  };
}

export const validate = {
  kind: (kind: string) => (kind.trim() === '' ? 'Name the kind of work' : null),
  input: (input: string) => jsonError(input),
};

export interface Request {
  kind: string;
  input: unknown;
  options: Partial<Omit<NewTask, 'kind' | 'input'>>;
}

/** The request a valid draft stands for; what was left empty is left to the server. */
export function toRequest(draft: Draft): Request {
  const options: Request['options'] = {};
  if (draft.queue.trim() !== '') options.queue = draft.queue.trim();
  const labels = draft.labels.filter(({ key, value }) => key.trim() !== '' || value !== '');
  if (labels.length > 0) {
    options.labels = Object.fromEntries(labels.map(({ key, value }) => [key.trim(), value]));
  }
  for (const name of NUMBERS) {
    const number = draft[name];
    if (number !== '') options[name] = Number(number);
  }
  for (const name of WORDS) {
    const word = draft[name].trim();
    if (word !== '') options[name] = word;
  }
  if (draft.complete_when_children_done) {
    options.complete_when_children_done = true;
    options.child_failure = draft.child_failure;
  }
  if (draft.after.length > 0) {
    options.after = draft.after;
    options.after_failure = draft.after_failure;
  }
  const stages = draft.stages.filter(({ name, weight }) => name.trim() !== '' || weight !== '');
  if (stages.length > 0) options.stages = stages.map(toStage);
  if (draft.run_at !== '') options.run_at = new Date(draft.run_at).toISOString();
  const input: unknown = draft.input.trim() === '' ? undefined : parseExactly(draft.input);
  return { kind: draft.kind.trim(), input, options };
}

const NUMBERS = ['priority', 'max_attempts', 'timeout_seconds', 'delay_seconds', 'deadline_seconds', 'weight'] as const;
const WORDS = ['concurrency_key', 'parent_id', 'unique_key'] as const;

function toStage({ name, weight }: Draft['stages'][number]): NewStage {
  return { name: name.trim(), ...(weight !== '' && { weight: Number(weight) }) };
}

const names = new Set<string>(Object.keys(emptyDraft()));

/** The form's field for a field of the request. */
export function placeOf(field: string): string | undefined {
  const name = firstName(field);
  return names.has(name) ? name : undefined;
}
