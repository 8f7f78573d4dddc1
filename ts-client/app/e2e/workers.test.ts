// Who works, and how it goes: workers, stages, attempts and stalls.

import type { Milepost } from '@milepost/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

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

const row = (page: Page, name: string) => page.locator(`[data-worker="${name}"]`);
const places = (page: Page) =>
  page.getByTestId('stage').evaluateAll((stages) => stages.map((stage) => stage.getAttribute('data-place')));

test('a worker that runs a task is shown with it, and the way there', async () => {
  const { id } = await milepost.submit('e2e.shown');
  const job = await lease(milepost, 'e2e.shown', 'worker-7');
  await job.report({ percent: 30 });
  const page = await open(`${server.url}/workers`);
  await row(page, 'worker-7').getByText('Busy').waitFor();
  const bar = row(page, 'worker-7').getByRole('progressbar', { name: 'Progress of e2e.shown' });
  expect(await bar.getAttribute('aria-valuenow')).toBe('30');
  await job.report({ percent: 70 });
  await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe('70');
  await job.complete({});
  await expect.poll(() => row(page, 'worker-7').getByTestId('worker-task').count()).toBe(0);
  await milepost.submit('e2e.shown');
  await lease(milepost, 'e2e.shown', 'worker-7');
  await row(page, 'worker-7').getByRole('link', { name: 'e2e.shown' }).click();
  await page.getByRole('heading', { name: 'e2e.shown' }).waitFor();
  expect(page.url()).not.toContain(id);
});

test('a task submitted with stages moves through its segments', async () => {
  const page = await open(`${server.url}/submit`);
  await page.getByLabel('Kind').fill('e2e.staged');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByLabel('Deadline').fill('3600');
  await page.getByLabel('Concurrency key').fill('customer-42');
  for (const [index, [name, weight]] of [['fetch', '1'], ['encode', '3']].entries()) {
    await page.getByRole('button', { name: 'Add a stage' }).click();
    await page.getByLabel(`Stage ${index + 1}, name`).fill(name ?? '');
    await page.getByLabel(`Stage ${index + 1}, weight`).fill(weight ?? '');
  }
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByRole('heading', { name: 'e2e.staged' }).waitFor();
  await page.getByText('customer-42').waitFor();
  expect(await places(page)).toEqual(['ahead', 'ahead']);

  const job = await lease(milepost, 'e2e.staged');
  await job.report({ stage: 'fetch', percent: 50 });
  await expect.poll(() => places(page)).toEqual(['active', 'ahead']);
  await job.report({ stage: 'encode', percent: 40 });
  await expect.poll(() => places(page)).toEqual(['done', 'active']);
  await expect.poll(() => page.getByTestId('percent').textContent()).toBe('55 %');
  expect(await page.locator('[aria-current="step"]').textContent()).toBe('encode40 %');
  const widths = await page.getByTestId('stage').evaluateAll((all) => all.map((one) => one.clientWidth));
  expect((widths[1] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(3, 0);
  await job.complete({});
  await expect.poll(() => places(page)).toEqual(['done', 'done']);
});

test('every attempt is listed, with its worker and its end', async () => {
  const { id } = await milepost.submit('e2e.tried', undefined, { backoff_base_seconds: 0 });
  const page = await open(`${server.url}/tasks/${id}`);
  await page.getByText('Nobody has tried it yet.').waitFor();
  const first = await lease(milepost, 'e2e.tried', 'worker-a');
  await page.getByTestId('attempt').waitFor();
  await first.fail('out-of-paper', 'The printer has no paper', true);
  const second = await lease(milepost, 'e2e.tried', 'worker-b');
  await expect.poll(() => page.getByTestId('attempt').count()).toBe(2);
  await second.complete({});
  await expect
    .poll(() => page.getByTestId('attempt').allTextContents())
    .toEqual([
      expect.stringMatching(/^2Succeeded.*worker-b/),
      expect.stringMatching(/^1Failed.*worker-a.*The printer has no paper.*out-of-paper.*next due/),
    ]);
});

test('a worker that says nothing is shown as stalled, until it speaks', async () => {
  const { id } = await milepost.submit('e2e.silent', undefined, { stalled_after_seconds: 1 });
  const job = await lease(milepost, 'e2e.silent');
  await job.report({ percent: 20 });
  const page = await open(`${server.url}/tasks/${id}`);
  const table = await open(`${server.url}/`);
  await page.getByTestId('stalled').waitFor();
  expect(await page.getByTestId('stalled').textContent()).toMatch(/^Stalled\. No news for \d+s\./);
  await table.locator(`[data-task="${id}"]`).getByText('Stalled').waitFor();
  await job.report({ percent: 60, message: 'back' });
  await page.getByTestId('stalled').waitFor({ state: 'detached' });
  await job.complete({});
});
