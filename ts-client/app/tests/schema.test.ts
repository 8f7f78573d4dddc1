import { describe, expect, test } from 'vitest';

import { type Field, fieldsOf } from '../src/schema/fields';
import { blank, inputOf, placeOf, unreadable, valuesOf } from '../src/schema/values';

const schema = {
  type: 'object',
  required: ['album', 'crop'],
  properties: {
    album: { type: 'string', title: 'Album', description: 'Whose pictures', minLength: 1, maxLength: 40 },
    size: { type: 'integer', minimum: 16, maximum: 4096, default: 256 },
    sharp: { type: 'boolean' },
    shape: { enum: ['round', 'square', 4] },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
    at: { type: 'string', format: 'date-time' },
    mail: { type: ['string', 'null'], format: 'email' },
    crop: { $ref: '#/$defs/crop', title: 'Crop' },
    border: { type: 'object', properties: { width: { type: 'number' }, dashed: { type: 'boolean' } } },
    target: { oneOf: [{ type: 'string' }, { type: 'object' }] },
    parts: { type: 'array', items: { type: 'object' } },
  },
  $defs: { crop: { type: 'object', required: ['x'], properties: { x: { type: 'number' }, 'a/b': { type: 'string' } } } },
};

function fields(of: unknown = schema): Field[] {
  const found = fieldsOf(of);
  if (found === undefined) throw new Error('there is no form');
  return found;
}

const field = (name: string) => fields().find((one) => one.name === name);

describe('the fields of a schema', () => {
  test('have the shapes that inputs can be drawn for, and JSON for the rest', () => {
    const shapes = Object.fromEntries(fields().map(({ name, shape }) => [name, shape.type]));
    expect(shapes).toEqual({
      album: 'text',
      size: 'number',
      sharp: 'boolean',
      shape: 'choice',
      tags: 'list',
      at: 'text',
      mail: 'text',
      crop: 'group',
      border: 'group',
      target: 'json',
      parts: 'json',
    });
    expect(field('at')?.shape).toMatchObject({ input: 'datetime-local' });
    expect(field('mail')?.shape).toMatchObject({ input: 'email' });
    expect(field('size')?.shape).toEqual({ type: 'number', integer: true, min: 16, max: 4096 });
  });

  test('say what they are, what they may be, and whether they must be there', () => {
    expect(field('album')).toMatchObject({ label: 'Album', description: 'Whose pictures · 1 to 40 characters', required: true });
    expect(field('size')).toMatchObject({ label: 'size', description: '16 to 4096', required: false, fallback: 256 });
    expect(field('tags')?.description).toBe('at most 3 entries');
    expect(field('crop')).toMatchObject({ label: 'Crop', required: true });
  });

  test('are none where only JSON will do', () => {
    for (const other of [undefined, true, {}, { type: 'string' }, { properties: {} }, { oneOf: [{ properties: { a: {} } }] }, { $ref: 'https://example.com/' }]) {
      expect(fieldsOf(other)).toBeUndefined();
    }
  });

  test('end where a schema leads back to itself', () => {
    const tree = { type: 'object', properties: { name: { type: 'string' }, left: { $ref: '#' } } };
    expect(JSON.stringify(fields(tree)).match(/"json"/g)).toHaveLength(1);
    expect(fields({ properties: { a: { $ref: '#/properties/a' } } })[0]?.shape.type).toBe('json');
  });
});

describe('the values of a form', () => {
  test('begin with the defaults', () => {
    expect(inputOf(fields(), blank(fields()))).toEqual({ size: 256, sharp: false, crop: {} });
  });

  test('become an input, and what is empty is left out', () => {
    const values = {
      ...blank(fields()),
      '/album': 'summer',
      '/size': '512',
      '/sharp': true,
      '/shape': '4',
      '/tags': ['a', 'b'],
      '/at': '2026-11-22T10:30:00',
      '/crop/x': '1.5',
      '/crop/a~1b': 'c',
      '/target': '{"host": "a"}',
    };
    const input = inputOf(fields(), values);
    expect(input).toMatchObject({
      album: 'summer',
      size: 512,
      sharp: true,
      shape: 4,
      tags: ['a', 'b'],
      at: new Date('2026-11-22T10:30:00').toISOString(),
      crop: { x: 1.5, 'a/b': 'c' },
      target: { host: 'a' },
    });
    expect(input).not.toHaveProperty('border');
    expect(valuesOf(fields(), input)).toEqual({ ...values, '/target': '{\n  "host": "a"\n}' });
  });

  test('cannot show every input', () => {
    expect(valuesOf(fields(), undefined)).toEqual(blank(fields()));
    for (const other of [null, 5, [], { album: 5 }, { album: 'a', more: 1 }, { crop: { y: 1 } }, { shape: 'flat' }, { at: 'soon' }]) {
      expect(valuesOf(fields(), other)).toBeUndefined();
    }
  });

  test('know the place of what is wrong with an input', () => {
    const place = (name: string) => placeOf(fields(), name);
    expect(place('input/album')).toBe('input/album');
    expect(place('input/crop/x')).toBe('input/crop/x');
    expect(place('input/crop/a~1b')).toBe('input/crop/a~1b');
    expect(place('input/crop/y')).toBe('input/crop');
    expect(place('input/tags/1')).toBe('input/tags/1');
    expect(place('input/parts/0/name')).toBe('input/parts');
    expect(place('input/unknown')).toBe('input');
    expect(place('input')).toBe('input');
  });

  test('that are no JSON where JSON must stand say so', () => {
    expect(unreadable(fields(), { '/target': '{' })).toHaveProperty('input/target');
    expect(unreadable(fields(), { '/target': '' })).toEqual({});
  });
});
