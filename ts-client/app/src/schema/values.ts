// What stands in the fields, by pointer, and the way from there to an input and back.

import { jsonError, parseExactly } from '../parts/json';
import type { Field, Scalar } from './fields';

/** Text as typed; a choice is the JSON of what was chosen. */
export type Value = string | boolean | string[];
export type Values = Readonly<Record<string, Value>>;

/** The fields as they are at first. */
export function blank(fields: readonly Field[]): Values {
  const values: Record<string, Value> = {};
  each(fields, (field) => {
    if (field.shape.type === 'group') return;
    values[field.pointer] = field.fallback === undefined ? empty(field) : (typed(field, field.fallback) ?? empty(field));
  });
  return values;
}

/** The input that the fields say. What is left empty is left out. */
export function inputOf(fields: readonly Field[], values: Values): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const field of fields) {
    const value = said(field, values);
    if (value !== undefined) input[field.name] = value;
  }
  return input;
}

/** The fields for an input; `undefined` when they cannot show all of it. */
export function valuesOf(fields: readonly Field[], input: unknown): Values | undefined {
  if (input === undefined) return blank(fields);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  const given = new Map(Object.entries(input));
  const values: Record<string, Value> = {};
  for (const field of fields) {
    const value: unknown = given.get(field.name);
    given.delete(field.name);
    if (field.shape.type === 'group') {
      const inner = value === undefined ? emptied(field.shape.fields) : valuesOf(field.shape.fields, value);
      if (inner === undefined) return undefined;
      Object.assign(values, inner);
    } else {
      const shown = value === undefined ? empty(field) : typed(field, value);
      if (shown === undefined) return undefined;
      values[field.pointer] = shown;
    }
  }
  return given.size === 0 ? values : undefined;
}

/** What is wrong with fields so that no input can be made of them: JSON that is none. */
export function unreadable(fields: readonly Field[], values: Values): Record<string, string> {
  const errors: Record<string, string> = {};
  each(fields, ({ pointer, shape }) => {
    const error = shape.type === 'json' ? jsonError(String(values[pointer] ?? '')) : null;
    if (error !== null) errors[`input${pointer}`] = error;
  });
  return errors;
}

/** The place in the form for a place in the input: its field, or the one around it. */
export function placeOf(fields: readonly Field[], field: string): string {
  if (!field.startsWith('input/')) return 'input';
  const pointer = field.slice('input'.length);
  let nearest = '';
  each(fields, (known) => {
    const inside = pointer === known.pointer || pointer.startsWith(`${known.pointer}/`);
    if (inside && known.pointer.length > nearest.length) nearest = known.pointer;
    if (inside && known.shape.type === 'list') nearest = pointer;
  });
  return `input${nearest}`;
}

/** Every field that has a value of its own, and every group. */
function each(fields: readonly Field[], visit: (field: Field) => void): void {
  for (const field of fields) {
    visit(field);
    if (field.shape.type === 'group') each(field.shape.fields, visit);
  }
}

function emptied(fields: readonly Field[]): Values {
  const values: Record<string, Value> = {};
  each(fields, (field) => {
    if (field.shape.type !== 'group') values[field.pointer] = empty(field);
  });
  return values;
}

function empty({ shape }: Field): Value {
  if (shape.type === 'boolean') return false;
  return shape.type === 'list' ? [] : '';
}

/** A value of an input as its field has it; `undefined` when the field cannot show it. */
function typed({ shape }: Field, value: unknown): Value | undefined {
  switch (shape.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'json':
      return JSON.stringify(value, null, 2);
    case 'group':
      return undefined;
    case 'list': {
      if (!Array.isArray(value)) return undefined;
      const items = value.map((item) => typedScalar(shape.item, item));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    default:
      return typedScalar(shape, value);
  }
}

function typedScalar(shape: Scalar, value: unknown): string | undefined {
  if (shape.type === 'choice') {
    const text = JSON.stringify(value);
    return shape.options.some((option) => JSON.stringify(option) === text) ? text : undefined;
  }
  // A number that a double does not hold is its text.
  if (shape.type === 'number') return typeof value === 'number' || isRaw(value) ? JSON.stringify(value) : undefined;
  if (typeof value !== 'string') return undefined;
  return shape.input === 'datetime-local' ? localTime(value) : value;
}

const isRaw = (value: unknown) => typeof value === 'object' && value !== null && 'rawJSON' in value;

/** What a field says of the input; `undefined` where it says nothing. */
function said(field: Field, values: Values): unknown {
  const { shape, pointer, required } = field;
  const value = values[pointer];
  switch (shape.type) {
    case 'boolean':
      return value === true;
    case 'group': {
      const asked = required || shape.fields.some((inner) => isFilled(inner, values));
      return asked ? inputOf(shape.fields, values) : undefined;
    }
    case 'list': {
      const items = Array.isArray(value) ? value : [];
      return items.length > 0 ? items.map((item) => saidScalar(shape.item, item)) : undefined;
    }
    case 'json':
      return typeof value !== 'string' || value.trim() === '' ? undefined : parseExactly(value);
    default:
      return typeof value !== 'string' || value === '' ? undefined : saidScalar(shape, value);
  }
}

function saidScalar(shape: Scalar, text: string): unknown {
  if (shape.type === 'text') {
    if (shape.input !== 'datetime-local') return text;
    const at = Date.parse(text);
    return Number.isNaN(at) ? text : new Date(at).toISOString();
  }
  // What is no number goes as it was typed: the server says so at its field.
  return text.trim() === '' || jsonError(text) !== null ? text : parseExactly(text);
}

function isFilled(field: Field, values: Values): boolean {
  if (field.shape.type === 'group') return field.shape.fields.some((inner) => isFilled(inner, values));
  const value = values[field.pointer];
  return value === true || (typeof value !== 'boolean' && value !== undefined && value.length > 0);
}

/** A time as `<input type="datetime-local">` has it; `undefined` when that would lose a part of it. */
function localTime(text: string): string | undefined {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || at.getMilliseconds() !== 0) return undefined;
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
