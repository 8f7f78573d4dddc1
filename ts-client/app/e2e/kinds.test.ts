// A kind described by clicking, and a task submitted by the form its schema draws.

import type { Milepost } from '@milepost/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { open, withBrowser } from './browser';
import { Server } from './server';

let server: Server;
let milepost: Milepost;

withBrowser();
beforeAll(async () => {
  server = await Server.start();
  milepost = server.client();
});
afterAll(() => server.remove());

const schema = {
  type: 'object',
  required: ['album', 'size'],
  properties: {
    album: { type: 'string', title: 'Album', description: 'Whose pictures' },
    size: { type: 'integer', title: 'Width', minimum: 16, maximum: 4096, default: 256 },
    shape: { title: 'Shape', enum: ['round', 'square'] },
    mail: { type: 'string', title: 'Tell', format: 'email' },
    at: { type: 'string', title: 'Not before', format: 'date-time' },
    tags: { type: 'array', title: 'Tags', items: { type: 'string', maxLength: 5 } },
    crop: { type: 'object', title: 'Crop', required: ['x'], properties: { x: { type: 'number', title: 'Left' } } },
    target: { title: 'Target', oneOf: [{ type: 'string' }, { type: 'object' }] },
  },
  additionalProperties: false,
};

const submitted = (page: Page) => page.getByRole('button', { name: 'Submit', exact: true }).click();

test('a kind is described, refused, corrected, shown and deleted', async () => {
  const page = await open(`${server.url}/kinds`);
  await page.getByRole('heading', { name: 'No kinds yet' }).waitFor();
  await page.getByRole('button', { name: 'Describe a kind' }).last().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('e2e/thumbs');
  await page.getByLabel('Description').fill('Small pictures');
  await page.getByLabel('Input schema').fill('{"type": "strin"}');
  await page.getByLabel('Attempts').fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => page.getByLabel('Input schema').getAttribute('aria-invalid')).toBe('true');
  await page.getByText('input_schema/type:').waitFor();
  await page.getByLabel('Input schema').fill(JSON.stringify(schema));
  await page.getByRole('button', { name: 'Save' }).click();

  const row = page.locator('[data-kind="e2e/thumbs"]');
  await row.getByText('By its schema').waitFor();
  await row.getByText('Attempts 7').waitFor();
  await row.getByRole('link', { name: 'e2e/thumbs' }).click();
  await page.getByRole('heading', { name: 'e2e/thumbs' }).waitFor();
  await page.getByLabel('schema', { exact: true }).getByText('"Whose pictures"').waitFor();
  expect(await milepost.kinds.get('e2e/thumbs')).toMatchObject({ input_schema: schema, defaults: { max_attempts: 7 } });

  await page.getByRole('button', { name: 'More for e2e/thumbs' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('Tiny pictures');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Description' }).getByText('Tiny pictures').waitFor();
  expect((await milepost.kinds.get('e2e/thumbs')).input_schema).toEqual(schema);

  await page.getByRole('button', { name: 'More for e2e/thumbs' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete the kind' }).click();
  await page.getByRole('heading', { name: 'No kinds yet' }).waitFor();
  await expect(milepost.kinds.get('e2e/thumbs')).rejects.toMatchObject({ status: 404 });
});

test("a task is submitted by its kind's form, and what is refused is said at its field", async () => {
  await milepost.kinds.put('e2e.form', { description: 'Makes small pictures', input_schema: schema });
  const page = await open(`${server.url}/kinds/e2e.form`);
  await page.getByRole('link', { name: 'Submit a task' }).click();
  await page.getByText('Makes small pictures').waitFor();
  expect(await page.getByLabel('Width').inputValue()).toBe('256');
  await page.getByLabel('Width').fill('5');
  await page.getByRole('combobox', { name: 'Shape' }).click();
  await page.getByRole('option', { name: 'round' }).click();
  await page.getByLabel('Tell').fill('nobody');
  await page.getByRole('button', { name: 'Add an entry to Tags' }).click();
  await page.getByLabel('Tags, entry 1').fill('too long');
  await page.getByLabel('Target').fill('5');
  await submitted(page);

  for (const [label, message] of [
    ['Album', 'is required'],
    ['Width', 'must be at least 16'],
    ['Tell', 'must be of the format email'],
    ['Tags, entry 1', 'must have at most 5 characters'],
    ['Target', 'is none of the things that it may be'],
  ] as const) {
    await page.getByText(message, { exact: true }).waitFor();
    expect([label, await page.getByLabel(label).getAttribute('aria-invalid')]).toEqual([label, 'true']);
  }
  expect((await milepost.listTasks({ kind: 'e2e.form' })).items).toEqual([]);

  await page.getByLabel('Album').fill('summer');
  await page.getByLabel('Width').fill('64');
  await page.getByLabel('Tell').fill('a@example.com');
  await page.getByLabel('Not before').fill('2026-11-22T10:30:00');
  await page.getByLabel('Tags, entry 1').fill('sea');
  await page.getByLabel('Left').fill('1.5');
  await page.getByLabel('Target').fill('{"host": "a"}');
  await submitted(page);
  await page.getByRole('heading', { name: 'e2e.form' }).waitFor();
  const [task] = (await milepost.listTasks({ kind: 'e2e.form' })).items;
  expect((await milepost.getTask(task?.id ?? '')).input).toEqual({
    album: 'summer',
    size: 64,
    shape: 'round',
    mail: 'a@example.com',
    at: new Date('2026-11-22T10:30:00').toISOString(),
    tags: ['sea'],
    crop: { x: 1.5 },
    target: { host: 'a' },
  });
});

test('form and JSON are two sides of one input', async () => {
  await milepost.kinds.put('e2e.sides', { input_schema: schema });
  const page = await open(`${server.url}/submit`);
  await page.getByLabel('Input').fill('{"any": "json"}');
  await page.getByLabel('Kind').fill('e2e.sides');
  // What was typed already is not hidden.
  await page.getByRole('button', { name: 'Use the form' }).click();
  await page.getByText('The form cannot show all of this input.').waitFor();
  await page.getByLabel('Input').fill('');
  await page.getByLabel('Album').fill('winter');
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  expect(JSON.parse(await page.getByLabel('Input').inputValue())).toEqual({ album: 'winter', size: 256 });
  await page.getByLabel('Input').fill('{"album": "spring", "size": 1}');
  await page.getByRole('button', { name: 'Use the form' }).click();
  expect(await page.getByLabel('Album').inputValue()).toBe('spring');
  await page.getByRole('button', { name: 'Edit as JSON' }).click();

  await page.getByLabel('Input').fill('{"album": "spring", "size": 1, "more": true}');
  await page.getByRole('button', { name: 'Use the form' }).click();
  await page.getByText('The form cannot show all of this input.').waitFor();
  await submitted(page);
  await page.getByText('input/size: must be at least 16').or(page.getByText('input/more: is not a field here')).first().waitFor();
  await page.getByLabel('Input').fill('{"album": "spring", "size": 16}');
  await submitted(page);
  await page.getByRole('heading', { name: 'e2e.sides' }).waitFor();
});
