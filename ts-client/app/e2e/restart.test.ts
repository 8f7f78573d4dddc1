// The server is killed while work is shown. The page says so, comes back by itself, and has missed
// nothing.

import { afterAll, beforeAll, expect, test } from 'vitest';

import { open, withBrowser } from './browser';
import { Server } from './server';
import { lease } from './worker';

let server: Server;

withBrowser();
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.remove());

test('after a kill -9 the page reconnects, and every line is there once, in order', async () => {
  const milepost = server.client();
  const { id } = await milepost.submit('e2e.kill');
  const job = await lease(milepost, 'e2e.kill');
  const page = await open(`${server.url}/tasks/${id}`);
  await job.report({ percent: 20, logs: ['line 1', 'line 2'] });
  await expect.poll(() => page.getByTestId('percent').textContent()).toBe('20 %');

  await server.kill();
  await page.getByTestId('reconnecting').waitFor();
  await expect.poll(() => page.getByTestId('connection').textContent()).toBe('Reconnecting');
  // What is known stays in sight.
  expect(await page.getByTestId('percent').textContent()).toBe('20 %');

  await server.start();
  // Written before the page is back: it has to be caught up with.
  await job.report({ percent: 40, logs: ['line 3'] });
  await expect.poll(() => page.getByTestId('connection').textContent(), { timeout: 30_000 }).toBe('Live');
  await page.getByTestId('reconnecting').waitFor({ state: 'detached' });
  await job.report({ percent: 60, logs: ['line 4'] });
  await expect.poll(() => page.getByTestId('percent').textContent()).toBe('60 %');
  const lines = await page.getByTestId('log-line').allTextContents();
  expect(lines.map((line) => line.slice(-6))).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
  await job.complete({});
  await expect.poll(() => page.getByTestId('state').first().textContent()).toBe('Succeeded');
});

test('the table comes back as well, with what was submitted meanwhile', async () => {
  const milepost = server.client();
  const before = await milepost.submit('e2e.before');
  const page = await open(server.url);
  await page.locator(`[data-task="${before.id}"]`).waitFor();
  await server.kill();
  await expect.poll(() => page.getByTestId('connection').textContent()).toBe('Reconnecting');
  await server.start();
  const meanwhile = await milepost.submit('e2e.meanwhile');
  await page.locator(`[data-task="${meanwhile.id}"]`).waitFor({ timeout: 30_000 });
  expect(await page.locator(`[data-task="${before.id}"]`).count()).toBe(1);
});

test('a page that asks while the server is down says so, and has its answer when it is up', async () => {
  const page = await open(`${server.url}/system`);
  await page.getByRole('region', { name: 'Server' }).waitFor();
  await server.kill();
  await page.getByRole('link', { name: 'Tasks', exact: true }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'System' }).click();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByRole('alert').waitFor();
  await server.start();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('a page that was not open yet can be gone to while the server is down', async () => {
  const page = await open(server.url);
  // Vite names the files that a page needs before it fetches them.
  const missing = () =>
    page.evaluate(() => {
      const here = performance.getEntriesByType('resource').map((entry) => entry.name);
      const wanted = [...document.querySelectorAll<HTMLLinkElement>('link[rel=modulepreload]')].map((link) => link.href);
      return here.some((name) => name.includes('/assets/SchedulesPage-')) ? wanted.filter((name) => !here.includes(name)) : ['SchedulesPage'];
    });
  await expect.poll(missing).toEqual([]);
  await server.kill();
  await page.getByRole('navigation').getByRole('link', { name: 'Schedules' }).click();
  await page.getByRole('heading', { name: 'Schedules' }).waitFor();
  await server.start();
});
