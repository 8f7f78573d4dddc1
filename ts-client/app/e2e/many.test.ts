// A thousand running tasks that all report: the table shows those on screen, live, and the rest are
// there when one goes to them.

import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

import { faults } from './axe';
import { open, withBrowser } from './browser';
import { Crowd } from './crowd';
import { Server } from './server';

const TASKS = 1_000;
// As often as a server that is not optimised, on a small machine with a browser beside it, bears.
const RATE = 0.3;
// In pixels; less than what is on screen, so that no row is left out.
const STEP = 700;

let server: Server;
let crowd: Crowd;
let page: Page;
let rows: Locator;

// A thousand tasks take a server that is not optimised a while.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
withBrowser();
beforeAll(async () => {
  server = await Server.start();
});
afterEach(async () => {
  await crowd.stop();
  await crowd.complete();
});
afterAll(() => server.remove());

/** The table of a thousand running tasks, which all go on reporting. */
async function openTable(): Promise<void> {
  page = await open(`${server.url}/?state=running`, { reducedMotion: 'reduce' });
  rows = page.getByTestId('task-row');
  await expect.poll(() => page.getByTestId('connection').textContent()).toBe('Live');
  // The page is there first: what begins later appears by itself, however much it is.
  crowd = await Crowd.start(server.client(), 'e2e.many', TASKS, 100);
  await expect.poll(() => page.getByTestId('count-running').textContent()).toBe('1,000');
  crowd.go(RATE);
}

/** How full the bar of a row is, as it is drawn. */
function drawn(row: Locator): Promise<number> {
  return row.getByRole('progressbar').evaluate((bar) => new DOMMatrix(getComputedStyle(bar.firstElementChild as Element).transform).a);
}

/** Whether there are rows wherever one looks, and not the gap that stands for them. */
function isFilled(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const end = document.querySelector('tbody')?.getBoundingClientRect().bottom ?? 0;
    return [250, 800].every((y) => y > end || document.elementFromPoint(600, y)?.closest('[data-task]'));
  });
}

async function moves(row: Locator): Promise<void> {
  const before = await drawn(row);
  await expect.poll(() => drawn(row)).toBeGreaterThan(before);
}

test('only the rows on screen are in the page, and their bars move', async () => {
  await openTable();
  expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(TASKS + 1));
  const inPage = await rows.count();
  expect(inPage).toBeGreaterThan(8);
  expect(inPage).toBeLessThan(60);
  await moves(rows.first());
  await moves(rows.nth(7));
  expect(await faults(page)).toEqual([]);
});

test('scrolling shows other tasks, live, and every task is somewhere', async () => {
  await openTable();
  const seen = new Set<string>();
  for (let top = 0; ; top += STEP) {
    await page.evaluate((to) => window.scrollTo({ top: to }), top);
    await expect.poll(() => isFilled(page)).toBe(true);
    const found = await rows.evaluateAll((all) => all.map((row) => `${row.ariaRowIndex} ${row.dataset.task}`));
    for (const one of found) seen.add(one);
    if (found.at(-1)?.startsWith(`${TASKS + 1} `)) break;
  }
  // Nothing moved meanwhile: each position has one task.
  expect(seen.size).toBe(TASKS);
  expect(new Set([...seen].map((one) => one.split(' ')[1]))).toEqual(new Set(crowd.ids));
  await moves(rows.last());
});

test('a row keeps the focus of the keyboard while it changes, and opens its task', async () => {
  await openTable();
  const link = rows.nth(2).getByRole('link');
  const id = await rows.nth(2).getAttribute('data-task');
  await link.focus();
  await moves(rows.nth(2));
  expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await rows.nth(3).getByRole('link').evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/tasks/${id}`);
});
