// Every state of the Quickstart page, against the real server.

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

const page = () => open(`${server.url}/quickstart`);
const run = (on: Page, first: 'alpha' | 'beta') => on.getByTestId(`run-${first}`);
const stateOf = (on: Page, first: 'alpha' | 'beta') => run(on, first).getByTestId('run-state').textContent();
const percentOf = async (on: Page, first: 'alpha' | 'beta') =>
  Number((await run(on, first).getByTestId('run-percent').textContent())?.split(' ')[0]);

async function begin(on: Page, first: 'alpha' | 'beta', id: string, button: 'Start' | 'Watch' = 'Start') {
  await run(on, first).getByLabel('Id', { exact: true }).fill(id);
  await run(on, first).getByRole('button', { name: button }).click();
}

test('the list is loaded, and a submitted name joins it', async () => {
  const on = await page();
  const items = on.getByRole('list', { name: 'Items' }).getByRole('listitem');
  await on.getByText('Привет от Milepost!').waitFor();
  expect((await items.allTextContents()).slice(0, 3)).toEqual(['Элемент 1', 'Элемент 2', 'Элемент 3']);
  await on.getByLabel('Name').fill('Ada');
  await on.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => on.getByTestId('submit-success').textContent()).toBe("Данные 'Ada' успешно получены!");
  expect(await on.getByLabel('Name').inputValue()).toBe('');
  await expect.poll(() => items.allTextContents()).toContain('Ada');
});

test('while the list is on its way, its place is kept', async () => {
  const on = await open(`${server.url}/system`);
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await on.route('**/api/data', async (route) => {
    await held;
    await route.continue();
  });
  await on.getByRole('link', { name: 'Quickstart' }).click();
  await on.getByRole('status', { name: 'Loading the list' }).waitFor();
  answer();
  await on.getByText('Привет от Milepost!').waitFor();
});

test('a list that cannot be loaded is tried again by a click', async () => {
  const on = await open(`${server.url}/system`);
  await on.route('**/api/data', (route) => route.abort());
  await on.getByRole('link', { name: 'Quickstart' }).click();
  await on.getByText('The list could not be loaded').waitFor();
  await on.unroute('**/api/data');
  await on.getByRole('button', { name: 'Try again' }).click();
  await on.getByText('Привет от Milepost!').waitFor();
});

test('a name that cannot be submitted stays in the field, and it is said in red', async () => {
  const on = await page();
  // The server refuses what is no JSON; a proxy in between could make it so.
  await on.route('**/api/submit', (route) => route.continue({ postData: '{broken' }));
  await on.getByLabel('Name').fill('Ada');
  await on.getByRole('button', { name: 'Send' }).click();
  await expect
    .poll(() => on.getByTestId('submit-failure').textContent())
    .toBe('Запрос должен быть в формате JSON');
  expect(await on.getByLabel('Name').inputValue()).toBe('Ada');
});

test('two runs move side by side, each to its own 100 %', async () => {
  const on = await page();
  expect(await stateOf(on, 'alpha')).toBe('Not started');
  await begin(on, 'alpha', 'left');
  await begin(on, 'beta', 'right');
  const seen = { alpha: new Set<number>(), beta: new Set<number>() };
  await expect
    .poll(
      async () => {
        seen.alpha.add(await percentOf(on, 'alpha'));
        seen.beta.add(await percentOf(on, 'beta'));
        return [await stateOf(on, 'alpha'), await stateOf(on, 'beta')];
      },
      { timeout: 30_000, interval: 100 },
    )
    .toEqual(['Done', 'Done']);
  for (const first of ['alpha', 'beta'] as const) {
    expect(seen[first].size).toBeGreaterThan(5);
    expect(await run(on, first).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
  }
});

test('a run that nobody started is unknown', async () => {
  const on = await page();
  await begin(on, 'alpha', 'never-started', 'Watch');
  await expect.poll(() => stateOf(on, 'alpha')).toBe('Task not found or not started');
});

test('a run that is running already is watched', async () => {
  const on = await page();
  await begin(on, 'alpha', 'shared');
  await expect.poll(() => percentOf(on, 'alpha')).toBeGreaterThan(5);
  await begin(on, 'beta', 'shared');
  await run(on, 'beta').getByText('It was running already; this is that run.').waitFor();
  await expect
    .poll(async () => [await stateOf(on, 'alpha'), await stateOf(on, 'beta')], { timeout: 30_000 })
    .toEqual(['Done', 'Done']);
});

test('a run that is cancelled says that it failed, and why', async () => {
  const on = await page();
  await begin(on, 'alpha', 'doomed');
  await expect.poll(() => percentOf(on, 'alpha')).toBeGreaterThan(3);
  const { items } = await milepost.listTasks({ queue: 'quickstart', labels: { quickstart: 'doomed' } });
  await milepost.cancel(items[0]?.id ?? '');
  await expect.poll(() => stateOf(on, 'alpha')).toMatch(/^Failed: .+/);
  expect(await percentOf(on, 'alpha')).toBeLessThan(100);
});

test('a run goes on over a kill -9 of the server, and the page says "Reconnecting" meanwhile', async () => {
  const on = await page();
  await begin(on, 'alpha', 'survivor');
  await expect.poll(() => percentOf(on, 'alpha')).toBeGreaterThan(10);
  await server.kill();
  await expect.poll(() => stateOf(on, 'alpha')).toBe('Reconnecting');
  const before = await percentOf(on, 'alpha');
  expect(before).toBeGreaterThan(10);
  await server.start();
  await expect.poll(() => stateOf(on, 'alpha'), { timeout: 30_000 }).toBe('Running');
  expect(await percentOf(on, 'alpha')).toBeGreaterThanOrEqual(before);
  await expect.poll(() => stateOf(on, 'alpha'), { timeout: 40_000 }).toBe('Done');
});
