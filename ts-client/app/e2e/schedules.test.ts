// A schedule's life, lived by clicking.

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

const row = (page: Page, id: string) => page.locator(`[data-schedule="${id}"]`);
const runs = async (kind: string) => (await milepost.listTasks({ kind })).items.length;

test('a schedule is created, runs, is paused, run by hand and deleted', async () => {
  const page = await open(`${server.url}/schedules`);
  await page.getByRole('heading', { name: 'No schedules yet' }).waitFor();
  await page.getByRole('button', { name: 'Create a schedule' }).last().click();
  await page.getByLabel('Id', { exact: true }).fill('ticks');
  await page.getByLabel('When').fill('* * * * * *');
  expect(await page.getByTestId('cron-words').textContent()).toBe('Every second, UTC');
  await page.getByRole('combobox', { name: 'Overlap' }).click();
  await page.getByRole('option', { name: 'Let both run' }).click();
  await page.getByLabel('Kind').fill('e2e.tick');
  await page.getByLabel('Input').fill('{"n": 1}');
  await page.getByRole('button', { name: 'Create', exact: true }).click();

  await row(page, 'ticks').getByText('e2e.tick in default').waitFor();
  await expect.poll(() => runs('e2e.tick')).toBeGreaterThan(1);
  await expect.poll(() => row(page, 'ticks').getByTestId('last-run').getByRole('link').count()).toBe(1);

  await page.getByRole('button', { name: 'Pause ticks' }).click();
  await row(page, 'ticks').getByText('Paused', { exact: true }).waitFor();
  const before = await runs('e2e.tick');
  await page.getByRole('button', { name: 'Run now: ticks' }).click();
  await expect.poll(() => runs('e2e.tick')).toBe(before + 1);

  await row(page, 'ticks').getByTestId('last-run').getByRole('link').click();
  await page.getByRole('heading', { name: 'e2e.tick' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'ticks' }).click();

  await page.getByRole('link', { name: 'Runs of ticks' }).click();
  await page.getByText('Runs of').waitFor();
  await expect.poll(() => page.getByTestId('task-row').count()).toBe(before + 1);
  await page.getByRole('main').getByRole('link', { name: 'ticks', exact: true }).click();

  await page.getByRole('button', { name: 'More for ticks' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete the schedule' }).click();
  await row(page, 'ticks').waitFor({ state: 'detached' });
  expect((await milepost.schedules.list()).items).toEqual([]);
});

test('what the server refuses is said at its field', async () => {
  const page = await open(`${server.url}/schedules`);
  await page.getByRole('button', { name: 'Create a schedule' }).last().click();
  await page.getByLabel('When').fill('99 * * * *');
  await page.getByLabel('Kind').fill('e2e.never');
  expect(await page.getByTestId('cron-words').textContent()).toBe('Not a rule as far as this page can tell');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect.poll(() => page.getByLabel('When').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('When').fill('30 9 * * MON-FRI');
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Mars/Olympus');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect.poll(() => page.getByRole('combobox', { name: 'Time zone' }).getAttribute('aria-invalid')).toBe('true');
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Berlin');
  await page.getByLabel('Kind').click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('At 09:30, Monday through Friday, Europe/Berlin').waitFor();
});

test('an edit changes the rule, and leaves a task that nobody touched as it was', async () => {
  const body = '{"id": "exact", "cron": "0 3 * * *", "task": {"kind": "e2e.exact", "priority": 7, "input": {"id": 12345678901234567890}}}';
  const headers = { 'Content-Type': 'application/json' };
  await fetch(`${server.url}/api/v1/schedules`, { method: 'POST', headers, body });
  const page = await open(`${server.url}/schedules`);
  await page.getByRole('button', { name: 'More for exact' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel('When').fill('0 4 * * *');
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page, 'exact').getByText('0 4 * * *').waitFor();
  const stored = await (await fetch(`${server.url}/api/v1/schedules/exact`)).text();
  expect(stored).toContain('12345678901234567890');
  expect(await milepost.schedules.get('exact')).toMatchObject({ cron: '0 4 * * *', task: { priority: 7 } });
});
