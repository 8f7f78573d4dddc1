// What stands in the form, and the way from there to a request and from a problem back to the fields.

import type { FieldError, NewTask } from '../../api';

export interface Draft {
  kind: string;
  queue: string;
  /** JSON as typed. */
  input: string;
  labels: { key: string; value: string }[];
  priority: number | string;
  max_attempts: number | string;
  timeout_seconds: number | string;
  /** As `<input type="datetime-local">` has it: the reader's time, without a zone. */
  run_at: string;
}

export function emptyDraft(): Draft {
  return {
    kind: '',
    queue: 'default',
    input: '',
    labels: [],
    priority: 0,
    max_attempts: 3,
    timeout_seconds: '',
    run_at: '',
  };
}

export const validate = {
  kind: (kind: string) => (kind.trim() === '' ? 'Name the kind of work' : null),
  input: (input: string) => jsonError(input),
};

/** Why a text is no JSON, as the browser says it; `null` if it is, or is empty. */
export function jsonError(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? `Not JSON: ${error.message}` : 'Not JSON';
  }
}

// ECMAScript's JSON.parse source text access, which TypeScript does not know yet.
type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;
const json = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON?(text: string): unknown;
};

/**
 * Parses JSON so that writing it again gives the same numbers: an id of 20 digits is more than a
 * double holds, and must not be changed by a form it only passes through.
 */
function parseExactly(text: string): unknown {
  const { rawJSON } = json;
  return json.parse(text, (_key, value, context) => {
    if (typeof value !== 'number' || context?.source === undefined || rawJSON === undefined) return value;
    return String(value) === context.source ? value : rawJSON(context.source);
  });
}

/** JSON laid out over several lines; what is none stays as it was typed. */
export function laidOut(text: string): string {
  if (text.trim() === '' || jsonError(text) !== null) return text;
  return JSON.stringify(parseExactly(text), null, 2);
}

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
  for (const name of ['priority', 'max_attempts', 'timeout_seconds'] as const) {
    const number = draft[name];
    if (number !== '') options[name] = Number(number);
  }
  if (draft.run_at !== '') options.run_at = new Date(draft.run_at).toISOString();
  const input: unknown = draft.input.trim() === '' ? undefined : parseExactly(draft.input);
  return { kind: draft.kind.trim(), input, options };
}

const names = new Set<string>(Object.keys(emptyDraft()));

/** A problem's errors by field of the form; those without a field there are put in words. */
export function fieldErrors(errors: readonly FieldError[]): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { field, message } of errors) {
    // `labels.team` and `input.a[0]` belong to `labels` and `input`.
    const name = field.split(/[.[]/, 1)[0] ?? '';
    if (names.has(name)) fields[name] = name === field ? message : `${field}: ${message}`;
    else rest.push(`${field}: ${message}`);
  }
  return { fields, rest };
}
