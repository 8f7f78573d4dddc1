// From a problem back to the form: which message belongs to which field.

import { explain, type FieldError, MilepostProblem } from '../api';

export interface Refusal {
  /** Messages by field of the form. */
  fields: Record<string, string>;
  /** What belongs to no field. */
  rest: string | undefined;
}

/**
 * A refusal in a form's own terms. `place` gives the form's field for a field of the request, which
 * may be a path: `labels.team`, `task.input/a/0`.
 */
export function refusalOf(error: unknown, place: (field: string) => string | undefined): Refusal {
  const errors = error instanceof MilepostProblem ? error.errors : [];
  const { fields, rest } = placed(errors, place);
  const named = Object.keys(fields).length > 0;
  return { fields, rest: rest.length > 0 ? rest.join(' ') : named ? undefined : explain(error) };
}

export function placed(
  errors: readonly FieldError[],
  place: (field: string) => string | undefined,
): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { field, message } of errors) {
    const name = place(field);
    if (name === undefined) rest.push(`${field}: ${message}`);
    // The first thing wrong with a field is enough; what is wrong with a part of it says which part.
    else fields[name] ??= field === name || field.endsWith(`.${name}`) ? message : `${field}: ${message}`;
  }
  return { fields, rest };
}

/** `labels.team`, `stages[0].name` and `input/a/0` belong to `labels`, `stages` and `input`. */
export function firstName(field: string): string {
  return field.split(/[.[/]/, 1)[0] ?? '';
}
