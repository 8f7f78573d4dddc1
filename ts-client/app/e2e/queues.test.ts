// Queues, held up and limited by clicking.

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

const row = (page: Page, name: string) => page.locator(`[data-queue="${name}"]`);
const count = (page: Page, name: string, state: string) => row(page, name).getByTestId(state).textContent();

test('a server without queues says what a queue is, and sets one up', async () => {
  const page = await open(`${server.url}/queues`);
  await page.getByRole('heading', { name: 'No queues yet' }).waitFor();
  await page.getByRole('button', { name: 'Set up a queue' }).last().click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Name the queue').waitFor();
  await page.getByLabel('Name').fill('reports');
  await page.getByLabel('At once', { exact: true }).fill('2');
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page, 'reports').getByText('2 at once').waitFor();
  expect(await milepost.queues.get('reports')).toMatchObject({ max_concurrency: 2, paused: false });
});

test('what is submitted to a paused queue waits, and runs when the queue is resumed', async () => {
  await milepost.queues.put('held', {});
  const page = await open(`${server.url}/queues`);
  await page.getByRole('button', { name: 'Pause held' }).click();
  await row(page, 'held').getByText('Paused').waitFor();

  const { id } = await milepost.submit('e2e.held', undefined, { queue: 'held' });
  const job = lease(milepost, 'e2e.held', 'e2e-worker', 'held');
  await expect.poll(() => count(page, 'held', 'queued')).toBe('1');
  const task = await open(`${server.url}/tasks/${id}`);
  await task.getByText('The queue held is paused.').waitFor();
  expect((await milepost.getTask(id)).state).toBe('queued');

  await page.getByRole('button', { name: 'Resume held' }).click();
  await (await job).report({ percent: 50 });
  await expect.poll(() => count(page, 'held', 'running')).toBe('1');
  await expect.poll(() => task.getByTestId('state').first().textContent()).toBe('Running');
  await (await job).complete({});

  await row(page, 'held').getByRole('link', { name: 'held' }).click();
  await page.locator(`[data-task="${id}"]`).waitFor();
  expect(new URL(page.url()).search).toBe('?queue=held');
});

test('a limit that cannot be is refused at its field; one that can be is shown and held', async () => {
  await milepost.queues.put('limited', { paused: true });
  const page = await open(`${server.url}/queues`);
  await page.getByRole('button', { name: 'Edit limited' }).click();
  const atOnce = page.getByLabel('At once', { exact: true });
  await atOnce.fill('0');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => atOnce.getAttribute('aria-invalid')).toBe('true');
  expect(await milepost.queues.get('limited')).not.toHaveProperty('max_concurrency');

  await atOnce.fill('3');
  await page.getByLabel('Burst').fill('5');
  await page.getByRole('button', { name: 'Save' }).click();
  // A burst without a rate.
  await expect.poll(() => page.getByLabel('Rate', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('Rate', { exact: true }).fill('10');
  await page.getByLabel('In', { exact: true }).fill('60');
  await page.getByLabel('Attempts').fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page, 'limited').getByText('3 at once, 10 in 60s').waitFor();
  expect(await milepost.queues.get('limited')).toMatchObject({
    paused: true,
    max_concurrency: 3,
    rate_limit: { limit: 10, period_seconds: 60, burst: 5 },
    defaults: { max_attempts: 7 },
  });

  await page.getByRole('button', { name: 'Edit limited' }).click();
  await page.getByLabel('At once', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => row(page, 'limited').textContent()).not.toContain('at once');
});

test('a page of queues that the server leaves says so and comes back', async () => {
  const page = await open(`${server.url}/queues`);
  await row(page, 'reports').waitFor();
  await server.kill();
  await page.getByText('This is what was known before.').waitFor({ timeout: 30_000 });
  expect(await row(page, 'reports').count()).toBe(1);
  await server.start();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('This is what was known before.').waitFor({ state: 'detached' });
});
