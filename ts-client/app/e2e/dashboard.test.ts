// A task's life, lived by clicking.

import type { Milepost } from '@milepost/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

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

const state = (page: Page) => page.getByTestId('state').first().textContent();
const percent = (page: Page) => page.getByTestId('percent').textContent();
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const row = (page: Page, id: string) => page.locator(`[data-task="${id}"]`);
const idOf = (page: Page) => decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');

test('an empty server shows how to begin', async () => {
  const page = await open(server.url);
  await heading(page, 'No tasks yet').waitFor();
  expect(await page.getByLabel('curl command', { exact: true }).textContent()).toContain(
    `curl ${server.url}/api/v1/tasks`,
  );
  expect(await page.getByLabel('command', { exact: true }).textContent()).toMatch(/^milepost exec -- /);
  await expect.poll(() => page.getByTestId('connection').textContent()).toBe('Live');
});

test('a task is submitted by the form, moves live to 100 %, and shows its log and output', async () => {
  const page = await open(`${server.url}/`);
  await page.getByRole('link', { name: 'Submit a task' }).first().click();
  // The form comes in a file of its own; the table's search, of ids and kinds, is there till then.
  await heading(page, 'Submit a task').waitFor();
  await page.getByLabel('Kind').fill('e2e.whole');
  await page.getByLabel('Input').fill('{"month": "2026-10", "id": 12345678901234567890}');
  await page.getByRole('button', { name: 'Add a label' }).click();
  await page.getByLabel('Label 1, key').fill('team');
  await page.getByLabel('Label 1, value').fill('render');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await heading(page, 'e2e.whole').waitFor();
  expect(await state(page)).toBe('Queued');
  await expect.poll(() => page.getByLabel('input', { exact: true }).textContent()).toContain('"month": "2026-10"');
  // The browser's own copy may round it; what is stored must not be.
  const stored = await fetch(`${server.url}/api/v1/tasks/${idOf(page)}`);
  expect(await stored.text()).toContain('12345678901234567890');
  expect(await page.getByRole('link', { name: 'team=render' }).count()).toBe(1);

  const table = await open(`${server.url}/`);
  await row(table, idOf(page)).waitFor();

  const job = await lease(milepost, 'e2e.whole');
  await expect.poll(() => state(page)).toBe('Running');
  const bar = page.getByRole('progressbar', { name: 'Progress of e2e.whole' });
  const rowBar = row(table, job.task.id).getByRole('progressbar');
  for (const step of [10, 45, 80]) {
    await job.report({ percent: step, message: `page ${step}`, stage: 'render', logs: [`rendered page ${step}`] });
    await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe(String(step));
    await expect.poll(() => rowBar.getAttribute('aria-valuenow')).toBe(String(step));
    await expect.poll(() => page.getByTestId('log-line').last().textContent()).toContain(`rendered page ${step}`);
  }
  expect(await page.getByTestId('message').textContent()).toBe('renderpage 80');
  expect(await page.getByTestId('log-line').count()).toBe(3);

  await job.report({ percent: 100 });
  await job.complete({ pages: 80 });
  await expect.poll(() => state(page)).toBe('Succeeded');
  expect(await percent(page)).toBe('100 %');
  expect(await page.getByLabel('output', { exact: true }).textContent()).toBe('{\n  "pages": 80\n}');
  await expect.poll(() => row(table, job.task.id).getByTestId('state').textContent()).toBe('Succeeded');
  await expect
    .poll(() => page.getByTestId('timeline-event').allTextContents())
    .toEqual([
      expect.stringContaining('Queued in default'),
      expect.stringContaining('Attempt 1 started by e2e-worker'),
      expect.stringContaining('Succeeded'),
    ]);
  expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
});

test('what the server refuses is said at its field', async () => {
  const page = await open(`${server.url}/submit`);
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByText('Name the kind of work').waitFor();
  await page.getByLabel('Kind').fill('e2e.refused');
  await page.getByLabel('Input').fill('{"broken": ');
  await page.getByLabel('Queue').focus();
  await page.getByText(/^Not JSON: /).waitFor();
  await page.getByLabel('Input').fill('');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByLabel('Attempts').fill('1000');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await expect.poll(() => page.getByLabel('Attempts').getAttribute('aria-invalid')).toBe('true');
  expect(new URL(page.url()).pathname).toBe('/submit');
  expect((await milepost.listTasks({ kind: 'e2e.refused' })).items).toEqual([]);
});

test('a cancel in the browser reaches the worker', async () => {
  const { id } = await milepost.submit('e2e.cancel');
  const job = await lease(milepost, 'e2e.cancel');
  expect(await job.report({ percent: 5 })).toBe(false);
  const page = await open(`${server.url}/tasks/${id}`);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel the task' }).click();
  await expect.poll(() => state(page)).toBe('Cancelling');
  expect(await job.report({ percent: 6 })).toBe(true);
  await job.fail('stopped', 'Stopped as asked');
  await expect.poll(() => state(page)).toBe('Cancelled');
});

test('a failed task says why, is retried by a click, and can be deleted when it is done', async () => {
  const { id } = await milepost.submit('e2e.retry');
  const page = await open(`${server.url}/tasks/${id}`);
  await (await lease(milepost, 'e2e.retry')).fail('out-of-paper', 'The printer has no paper');
  await expect.poll(() => state(page)).toBe('Failed');
  await expect.poll(() => page.getByTestId('task-error').textContent()).toContain('The printer has no paper');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect.poll(() => state(page)).toBe('Queued');
  expect(await page.getByTestId('task-error').count()).toBe(0);
  const job = await lease(milepost, 'e2e.retry');
  await job.report({ percent: 50, logs: ['second round'] });
  await expect.poll(() => percent(page)).toBe('50 %');
  await job.complete({});
  await expect.poll(() => state(page)).toBe('Succeeded');

  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete the task' }).click();
  await heading(page, 'Tasks').waitFor();
  await expect.poll(() => row(page, id).count()).toBe(0);
  await page.goto(`${server.url}/tasks/${id}`);
  await heading(page, 'There is no such task').waitFor();
});

test('a retry from elsewhere brings a finished page back to life', async () => {
  const { id } = await milepost.submit('e2e.revive');
  await (await lease(milepost, 'e2e.revive')).fail('broken', 'Broken');
  const page = await open(`${server.url}/tasks/${id}`);
  await expect.poll(() => state(page)).toBe('Failed');
  await milepost.retry(id);
  await expect.poll(() => state(page)).toBe('Queued');
  const job = await lease(milepost, 'e2e.revive');
  await job.report({ percent: 33 });
  await expect.poll(() => percent(page)).toBe('33 %');
  await job.complete({});
});

test('unknown tasks and pages are said to be unknown', async () => {
  const page = await open(`${server.url}/tasks/no-such-task`);
  await heading(page, 'There is no such task').waitFor();
  await page.goto(`${server.url}/no/such/page`);
  await heading(page, 'There is no such page').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'All tasks' }).click();
  await heading(page, 'Tasks').waitFor();
});

test('a log stays where it is read, counts what comes, and follows again', async () => {
  const { id } = await milepost.submit('e2e.log');
  const job = await lease(milepost, 'e2e.log');
  const page = await open(`${server.url}/tasks/${id}`);
  await job.report({ logs: Array.from({ length: 200 }, (_, line) => `line ${line + 1}`) });
  await page.getByText('line 200', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await job.report({ logs: ['line 201', 'line 202'] });
  await page.getByRole('button', { name: 'Follow, 2 new' }).click();
  await page.getByText('line 202', { exact: true }).waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the whole log' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`e2e.log-${id}.log`);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
  expect(lines.map((line) => line.split(' info  ')[1])).toEqual(
    Array.from({ length: 202 }, (_, line) => `line ${line + 1}`),
  );
  await job.complete({});
});

describe('the table', () => {
  const ids: string[] = [];
  beforeAll(async () => {
    for (let number = 0; number < 130; number += 1) {
      const labels = { group: number % 2 === 0 ? 'even' : 'odd' };
      ids.push((await milepost.submit('e2e.many', number, { queue: 'bulk', labels })).id);
    }
  });

  test('keeps its filters in the address', async () => {
    const page = await open(`${server.url}/?queue=bulk&label=group%3Dodd`);
    await row(page, ids[129] ?? '').waitFor();
    expect(await row(page, ids[128] ?? '').count()).toBe(0);
    await page.getByRole('group', { name: 'Filter by state' }).getByRole('button', { name: /^Succeeded/ }).click();
    await heading(page, 'No task matches').waitFor();
    expect(new URL(page.url()).search).toBe('?queue=bulk&label=group%3Dodd&state=succeeded');
    await page.reload();
    await heading(page, 'No task matches').waitFor();
    await page.getByRole('button', { name: 'Show all tasks' }).click();
    await row(page, ids[128] ?? '').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('loads older tasks when asked, and only draws what is in sight', async () => {
    const page = await open(`${server.url}/?queue=bulk`);
    const table = page.getByRole('table');
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('101');
    expect(await page.getByTestId('task-row').count()).toBeLessThan(60);
    await page.getByRole('button', { name: 'Load older tasks' }).click();
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('131');
    expect(await page.getByRole('button', { name: 'Load older tasks' }).count()).toBe(0);
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await row(page, ids[0] ?? '').waitFor();
  });

  test('holds new tasks back while one is further down', async () => {
    const page = await open(`${server.url}/?queue=bulk`);
    await row(page, ids[129] ?? '').waitFor();
    await page.mouse.wheel(0, 1_500);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(1_000);
    const { id } = await milepost.submit('e2e.late', undefined, { queue: 'bulk' });
    await page.getByRole('button', { name: '1 new task' }).click();
    await row(page, id).waitFor();
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
  });

  test('is reached by the keyboard alone', async () => {
    const page = await open(`${server.url}/`);
    await row(page, ids[129] ?? '').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(ids[40] ?? '');
    await expect.poll(() => page.getByTestId('task-row').count()).toBe(1);
    await row(page, ids[40] ?? '').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await heading(page, 'e2e.many').waitFor();
    expect(idOf(page)).toBe(ids[40]);
  });
});

test('the system page says what the server is', async () => {
  const page = await open(`${server.url}/system`);
  const { version, epoch } = await milepost.system();
  await page.getByRole('region', { name: 'Server' }).waitFor();
  const text = await page.getByRole('region', { name: 'Server' }).textContent();
  expect(text).toContain(version);
  expect(text).toContain(epoch);
  expect(await page.getByRole('link', { name: /API reference/ }).first().getAttribute('href')).toBe('/docs');
});
