// What stands in a kind's form, and the way from there to a definition.

import type { Kind, KindDefinition, TaskDefaults } from '../../api';
import { jsonError, parseExactly } from '../../parts/json';
import { firstName } from '../../parts/refusal';

type Amount = number | string;

export const DEFAULTS = [
  'max_attempts',
  'timeout_seconds',
  'backoff_base_seconds',
  'backoff_max_seconds',
  'stalled_after_seconds',
  'retention_seconds',
] as const satisfies (keyof TaskDefaults)[];

export interface Draft extends Record<(typeof DEFAULTS)[number], Amount> {
  name: string;
  description: string;
  /** JSON as typed. */
  input_schema: string;
}

/** The form for a kind, or for one that is yet to be named. */
export function draftOf(kind: Kind | undefined): Draft {
  const defaults = Object.fromEntries(DEFAULTS.map((name) => [name, kind?.defaults[name] ?? ''])) as Record<
    (typeof DEFAULTS)[number],
    Amount
  >;
  return {
    name: kind?.name ?? '',
    description: kind?.description ?? '',
    input_schema: kind?.input_schema === undefined ? '' : JSON.stringify(kind.input_schema, null, 2),
    ...defaults,
  };
}

export const validate = {
  name: (name: string) => (name.trim() === '' ? 'Name the kind of work' : null),
  input_schema: jsonError,
};

/** All that a valid draft says; what was left empty is not said. */
export function definitionOf(draft: Draft): KindDefinition {
  const definition: KindDefinition = {};
  if (draft.description.trim() !== '') definition.description = draft.description.trim();
  if (draft.input_schema.trim() !== '') definition.input_schema = parseExactly(draft.input_schema);
  const defaults: TaskDefaults = {};
  for (const name of DEFAULTS) {
    if (draft[name] !== '') defaults[name] = Number(draft[name]);
  }
  if (Object.keys(defaults).length > 0) definition.defaults = defaults;
  return definition;
}

const names = new Set<string>(Object.keys(draftOf(undefined)));

/** The form's field for a field of the request. */
export function placeOf(field: string): string | undefined {
  const name = firstName(field.replace(/^defaults\./, ''));
  return names.has(name) ? name : undefined;
}
