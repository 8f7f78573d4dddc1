// @vitest-environment jsdom
import './jsdom';

import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';

import type { Kind } from '../src/api';
import { definitionOf, draftOf, placeOf } from '../src/pages/kinds/draft';
import { defaultsInWords } from '../src/pages/kinds/words';
import { fieldsOf } from '../src/schema/fields';
import { SchemaFields } from '../src/schema/SchemaFields';
import { blank, inputOf } from '../src/schema/values';

const kind: Kind = {
  name: 'thumbnails',
  checks_input: true,
  input_schema: { type: 'object' },
  defaults: { max_attempts: 5, timeout_seconds: 90 },
  created_at: '2026-11-22T10:00:00.000Z',
  updated_at: '2026-11-22T10:00:00.000Z',
  links: { self: '/api/v1/kinds/thumbnails', tasks: '/api/v1/tasks?kind=thumbnails' },
};

test("a kind's form says all of it again, and nothing of what was emptied", () => {
  const { input_schema, defaults } = kind;
  expect(definitionOf(draftOf(kind))).toEqual({ input_schema, defaults });
  expect(definitionOf({ ...draftOf(kind), input_schema: ' ', max_attempts: '', description: ' Words ' })).toEqual({
    description: 'Words',
    defaults: { timeout_seconds: 90 },
  });
  expect(definitionOf(draftOf(undefined))).toEqual({});
});

test('what the server names has its place in the form', () => {
  expect(placeOf('input_schema/properties/size/type')).toBe('input_schema');
  expect(placeOf('defaults.max_attempts')).toBe('max_attempts');
  expect(placeOf('name')).toBe('name');
  expect(placeOf('speed')).toBeUndefined();
});

test('the defaults that are set are told in words', () => {
  expect(defaultsInWords(kind.defaults)).toEqual([
    ['Attempts', '5'],
    ['Timeout', '1m 30s an attempt'],
  ]);
  expect(defaultsInWords({})).toEqual([]);
});

const schema = {
  type: 'object',
  required: ['album'],
  properties: {
    album: { type: 'string', title: 'Album', description: 'Whose pictures' },
    size: { type: 'integer', minimum: 16, default: 256 },
    sharp: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    crop: { type: 'object', properties: { x: { type: 'number' } } },
    any: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  },
};

const NONE: Record<string, string> = {};

function Drawn({ errors = NONE, onInput }: { errors?: Record<string, string>; onInput?: (input: unknown) => void }) {
  const fields = fieldsOf(schema) ?? [];
  const [values, setValues] = useState(blank(fields));
  onInput?.(inputOf(fields, values));
  return (
    <MantineProvider env="test">
      <SchemaFields
        fields={fields}
        values={values}
        errors={errors}
        onChange={(pointer, value) => setValues((before) => ({ ...before, [pointer]: value }))}
      />
    </MantineProvider>
  );
}

test('every field is found by its label, and what is typed becomes the input', () => {
  let input: unknown;
  render(<Drawn onInput={(now) => (input = now)} />);
  fireEvent.change(screen.getByRole('textbox', { name: 'Album' }), { target: { value: 'summer' } });
  fireEvent.click(screen.getByRole('checkbox', { name: 'sharp' }));
  fireEvent.click(screen.getByRole('button', { name: 'Add an entry to tags' }));
  fireEvent.change(screen.getByRole('textbox', { name: 'tags, entry 1' }), { target: { value: 'sea' } });
  fireEvent.change(screen.getByLabelText('x'), { target: { value: '1.5' } });
  fireEvent.change(screen.getByLabelText('any'), { target: { value: '"text"' } });
  expect(screen.getByRole('group', { name: 'crop' })).toBeTruthy();
  expect(input).toEqual({ album: 'summer', size: 256, sharp: true, tags: ['sea'], crop: { x: 1.5 }, any: 'text' });
});

test('what the server refused stands at its field', () => {
  render(<Drawn errors={{ 'input/size': 'must be at least 16', 'input/crop/x': 'must be a number, and is a string' }} />);
  const size = screen.getByLabelText('size');
  expect(size.getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByText('must be at least 16')).toBeTruthy();
  expect(screen.getByText('must be a number, and is a string')).toBeTruthy();
  expect(screen.getByRole('textbox', { name: 'Album' }).getAttribute('aria-invalid')).not.toBe('true');
});
