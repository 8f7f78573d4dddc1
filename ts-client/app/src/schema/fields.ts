// From a JSON Schema to the fields of a form. What a form cannot draw well (alternatives, lists of
// objects, schemas without a type) becomes a field for JSON, and a schema that is no object with
// properties becomes no form at all. Nothing is checked here: the server does that, and names places.

export type Shape =
  | { type: 'text'; input: 'text' | 'email' | 'url' | 'date' | 'datetime-local'; long: boolean }
  | { type: 'number'; integer: boolean; min?: number; max?: number }
  | { type: 'boolean' }
  /** Any JSON values, one of which is chosen. */
  | { type: 'choice'; options: unknown[] }
  | { type: 'list'; item: Scalar }
  | { type: 'group'; fields: Field[] }
  | { type: 'json' };

export type Scalar = Extract<Shape, { type: 'text' | 'number' | 'choice' }>;

export interface Field {
  name: string;
  /** Where its value stands in the input, as a JSON Pointer: `/size`. */
  pointer: string;
  label: string;
  /** What it is, and what it may be. */
  description: string;
  required: boolean;
  /** What stands there at first. */
  fallback: unknown;
  shape: Shape;
}

type Schema = Record<string, unknown>;

/** Parts within parts beyond this are drawn as JSON: a schema may lead back to itself. */
const DEEPEST = 4;
/** What makes a part more than its type says. */
const ALTERNATIVES = ['anyOf', 'oneOf', 'allOf', 'not', 'if', 'dependentSchemas', 'prefixItems'];

/** The fields for an input of this schema; `undefined` where only JSON will do. */
export function fieldsOf(schema: unknown): Field[] | undefined {
  const whole = followed(schema, schema);
  return whole === undefined ? undefined : properties(whole, schema, '', 0);
}

function properties(schema: Schema, root: unknown, pointer: string, depth: number): Field[] | undefined {
  const isObject = schema.type === undefined || schema.type === 'object';
  const parts = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  if (!isObject || parts.length === 0 || isMore(schema)) return undefined;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return parts.map(([name, part]) => field(name, part, root, `${pointer}/${escaped(name)}`, required.has(name), depth));
}

function field(name: string, part: unknown, root: unknown, pointer: string, required: boolean, depth: number): Field {
  const schema = followed(part, root) ?? {};
  const shape = shapeOf(schema, root, pointer, depth);
  return {
    name,
    pointer,
    label: typeof schema.title === 'string' && schema.title !== '' ? schema.title : name,
    description: [schema.description, ...limits(schema, shape)].filter((text) => typeof text === 'string' && text !== '').join(' · '),
    required,
    fallback: schema.default ?? schema.const,
    shape,
  };
}

function shapeOf(schema: Schema, root: unknown, pointer: string, depth: number): Shape {
  if (isMore(schema)) return { type: 'json' };
  const scalar = scalarOf(schema);
  if (scalar !== undefined) return scalar;
  switch (typeOf(schema)) {
    case 'boolean':
      return { type: 'boolean' };
    case 'array': {
      const items = followed(schema.items, root);
      const item = items === undefined || isMore(items) ? undefined : scalarOf(items);
      return item === undefined ? { type: 'json' } : { type: 'list', item };
    }
    case 'object': {
      const fields = depth < DEEPEST ? properties(schema, root, pointer, depth + 1) : undefined;
      return fields === undefined ? { type: 'json' } : { type: 'group', fields };
    }
    default:
      return { type: 'json' };
  }
}

function scalarOf(schema: Schema): Scalar | undefined {
  if ('const' in schema) return { type: 'choice', options: [schema.const] };
  if (Array.isArray(schema.enum)) return { type: 'choice', options: schema.enum };
  switch (typeOf(schema)) {
    case 'string': {
      const long = typeof schema.maxLength === 'number' && schema.maxLength > 300;
      return { type: 'text', input: INPUTS[String(schema.format)] ?? 'text', long };
    }
    case 'integer':
    case 'number': {
      const { minimum, maximum } = schema;
      return {
        type: 'number',
        integer: typeOf(schema) === 'integer',
        ...(typeof minimum === 'number' && { min: minimum }),
        ...(typeof maximum === 'number' && { max: maximum }),
      };
    }
    default:
      return undefined;
  }
}

const INPUTS: Record<string, Extract<Shape, { type: 'text' }>['input']> = {
  email: 'email',
  uri: 'url',
  date: 'date',
  'date-time': 'datetime-local',
};

/** The one type it has; `null` beside it is a field left empty. */
function typeOf(schema: Schema): string | undefined {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== 'null');
  return types.length === 1 && typeof types[0] === 'string' ? types[0] : undefined;
}

/** What a value may be, in words. */
function limits(schema: Schema, shape: Shape): string[] {
  const words: string[] = [];
  const between = (least: unknown, most: unknown, unit: string) => {
    if (typeof least === 'number' && typeof most === 'number') words.push(`${least} to ${most}${unit}`);
    else if (typeof least === 'number' && least > (unit === '' ? -Infinity : 0)) words.push(`at least ${least}${unit}`);
    else if (typeof most === 'number') words.push(`at most ${most}${unit}`);
  };
  if (shape.type === 'number') {
    between(schema.minimum, schema.maximum, '');
    if (typeof schema.exclusiveMinimum === 'number') words.push(`more than ${schema.exclusiveMinimum}`);
    if (typeof schema.exclusiveMaximum === 'number') words.push(`less than ${schema.exclusiveMaximum}`);
    if (typeof schema.multipleOf === 'number' && schema.multipleOf !== 1) words.push(`a multiple of ${schema.multipleOf}`);
  }
  if (shape.type === 'text') {
    between(schema.minLength, schema.maxLength, ' characters');
    if (typeof schema.pattern === 'string') words.push(`like ${schema.pattern}`);
  }
  if (shape.type === 'list') between(schema.minItems, schema.maxItems, ' entries');
  return words;
}

const isMore = (schema: Schema) => ALTERNATIVES.some((keyword) => keyword in schema);

/** The schema, with what it refers to under its own words; `undefined` when that leads nowhere. */
function followed(part: unknown, root: unknown): Schema | undefined {
  return isSchema(part) ? withReferred(part, root, 0) : undefined;
}

function withReferred(schema: Schema, root: unknown, steps: number): Schema | undefined {
  const { $ref, ...own } = schema;
  if ($ref === undefined) return own;
  const target = typeof $ref === 'string' && steps < 16 ? resolved($ref, root) : undefined;
  const words = isSchema(target) ? withReferred(target, root, steps + 1) : undefined;
  return words && { ...words, ...own };
}

function resolved(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#')) return undefined;
  let place = root;
  for (const step of decoded(reference.slice(1)).split('/').slice(1)) {
    if (typeof place !== 'object' || place === null) return undefined;
    place = (place as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return place;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isSchema = (part: unknown): part is Schema => typeof part === 'object' && part !== null && !Array.isArray(part);

/** A name as a step of a JSON Pointer. */
export const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
