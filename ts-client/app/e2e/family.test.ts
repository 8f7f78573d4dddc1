// A task and its parts: the tree moves with the work, and an address shows it as it was.

import type { Milepost, Task } from '@milepost/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { faults } from './axe';
import { open, withBrowser } from './browser';
import { Server } from './server';
import { lease } from './worker';

let server: Server;
let milepost: Milepost;

withBrowser();
beforeAll(async () => {
  server = await Server.start();
  milepost = server.client();
});
afterAll(() => server.remove());

const group = (kind: string, parent?: Task) =>
  milepost.submit(kind, undefined, { complete_when_children_done: true, child_failure: 'collect', parent_id: parent?.id });
const row = (page: Page, { id }: Task) => page.locator(`[data-testid="family-row"][data-task="${id}"]`);
const count = (page: Page, standing: string) => page.getByTestId(`children-${standing}`).textContent();

test('a tree of three levels follows the work, is opened by keys, and stands in the address', async () => {
  const album = await group('e2e.album');
  const sheet = await group('e2e.sheet', album);
  const tiles = await milepost.submitAll([1, 2, 3].map(() => ({ kind: 'e2e.tile', parent_id: sheet.id })));
  const page = await open(`${server.url}/tasks/${album.id}`);
  await row(page, sheet).waitFor();
  expect(await page.getByTestId('family-row').count()).toBe(1);

  await row(page, sheet).getByRole('link').focus();
  await page.keyboard.press('ArrowRight');
  for (const tile of tiles) await row(page, tile).waitFor();
  expect(await row(page, sheet).getAttribute('aria-expanded')).toBe('true');
  expect(new URL(page.url()).search).toBe(`?open=${sheet.id}`);
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.closest('[aria-level]')?.ariaLevel)).toBe('2');

  const job = await lease(milepost, 'e2e.tile');
  await job.report({ percent: 40 });
  await row(page, job.task).getByText('40 %').waitFor();
  await job.complete({});
  await (await lease(milepost, 'e2e.tile')).fail('broken', 'It broke');
  await row(page, sheet).getByText('2/3').waitFor();
  expect(await faults(page)).toEqual([]);

  await page.reload();
  await row(page, job.task).getByText('Succeeded').waitFor();
  await row(page, job.task).getByRole('link').click();
  await page.getByRole('heading', { name: 'e2e.tile' }).waitFor();
  const above = page.getByRole('navigation', { name: 'Above this task' });
  await above.getByRole('link', { name: 'e2e.album' }).waitFor();
  await above.getByRole('link', { name: 'e2e.sheet' }).click();
  await page.getByRole('heading', { name: 'e2e.sheet' }).waitFor();
  expect([await count(page, 'total'), await count(page, 'succeeded'), await count(page, 'failed'), await count(page, 'open')]).toEqual(['3', '1', '1', '1']);

  await page.getByRole('button', { name: /^Failed/ }).click();
  await expect.poll(() => page.getByTestId('family-row').count()).toBe(1);
  await (await lease(milepost, 'e2e.tile')).fail('broken', 'It broke too');
  await expect.poll(() => page.getByTestId('family-row').count()).toBe(2);
  await expect.poll(() => page.getByTestId('state').first().textContent()).toBe('Failed');
  expect(new URL(page.url()).search).toBe('?children=failed');
});

test('a parent of thousands shows those that one scrolls to, and all are counted', async () => {
  const parent = await group('e2e.import');
  for (let batch = 0; batch < 2; batch += 1) {
    await milepost.submitAll(Array.from({ length: 600 }, () => ({ kind: 'e2e.row', parent_id: parent.id })));
  }
  const page = await open(`${server.url}/tasks/${parent.id}`);
  await expect.poll(() => count(page, 'total')).toBe('1,200');
  const tree = page.getByRole('treegrid', { name: 'Children' });
  await page.getByTestId('family-row').first().waitFor();
  await expect.poll(async () => {
    await tree.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
    return tree.getAttribute('aria-rowcount');
  }).toBe('1200');
  expect(await page.getByTestId('family-row').count()).toBeLessThan(60);
});

test("the table shows a task's children, and a child is submitted from its parent", async () => {
  const parent = await group('e2e.parent');
  const page = await open(`${server.url}/tasks/${parent.id}`);
  await page.getByText('It has no children yet').waitFor();
  await page.getByRole('link', { name: 'Add a child' }).click();
  await page.getByLabel('Kind').fill('e2e.child');
  expect(await page.getByLabel('Parent').inputValue()).toBe(parent.id);
  await page.getByLabel('Weight').fill('2');
  await page.getByLabel('Unique key').fill('only-one');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByRole('heading', { name: 'e2e.child' }).waitFor();
  const [child] = (await milepost.listTasks({ parent: parent.id })).items;
  expect(child).toMatchObject({ parent_id: parent.id, weight: 2, unique_key: 'only-one' });

  const table = await open(`${server.url}/?kind=e2e.parent`);
  await table.locator(`[data-task="${parent.id}"]`).getByRole('link', { name: '1 child' }).click();
  await table.locator(`[data-task="${child?.id}"]`).waitFor();
  expect(new URL(table.url()).search).toBe(`?parent=${parent.id}`);
  await expect.poll(() => table.getByTestId('task-row').count()).toBe(1);
  await table.getByRole('button', { name: 'Show not only its children' }).click();
  await table.locator(`[data-task="${parent.id}"]`).waitFor();
});
