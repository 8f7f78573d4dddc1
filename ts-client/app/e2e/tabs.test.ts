// Seven tabs of one browser, which lets an origin have six connections. They share one, and which of
// them holds it is nobody's concern: not even when that tab is closed, or crashes.

import type { Milepost } from '@milepost/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { open, openBeside, withBrowser } from './browser';
import { Server } from './server';
import { type Job, lease } from './worker';

let server: Server;
let milepost: Milepost;

withBrowser();
beforeAll(async () => {
  server = await Server.start();
  milepost = server.client();
});
afterAll(() => server.remove());

const openStreams = async () => (await milepost.system()).open_streams;
const isLive = async (page: Page) => {
  await expect.poll(() => page.getByTestId('connection').textContent()).toBe('Live');
};
const said = async (page: Page) =>
  (await page.getByTestId('log-line').allTextContents()).map((line) => line.slice(line.indexOf('line ')));
// Few enough for all of them to be in sight at once.
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

/** Says these lines one report each, and does not wait for anybody. */
async function say(job: Job, texts: readonly string[]): Promise<void> {
  for (const text of texts) await job.report({ logs: [text] });
}

test('seven tabs are live on one stream, through the end of the tab that holds it', { timeout: 180_000 }, async () => {
  const { id } = await milepost.submit('e2e.tabs');
  const job = await lease(milepost, 'e2e.tabs');
  const first = await open(server.url);
  await isLive(first);
  const tabs = [first];
  for (let number = 2; number <= 7; number += 1) {
    // Tables, and pages of the one task, which want its log besides.
    const tab = await openBeside(first, number % 2 === 0 ? `${server.url}/tasks/${id}` : server.url);
    await isLive(tab);
    tabs.push(tab);
  }
  expect(await openStreams()).toBe(1);
  const pages = tabs.filter((tab) => tab.url().includes('/tasks/'));
  await say(job, lines(1, 4));
  for (const page of pages) await expect.poll(() => said(page)).toEqual(lines(1, 4));
  for (const tab of tabs) await tab.locator(`[data-task="${id}"], [data-testid="log-line"]`).first().waitFor();
  expect(await openStreams()).toBe(1);

  // The first tab holds the stream. It goes while its worker speaks.
  await Promise.all([say(job, lines(5, 16)), first.close()]);
  for (const page of pages) await expect.poll(() => said(page)).toEqual(lines(1, 16));
  await expect.poll(openStreams).toBe(1);

  // The next in line crashes: nothing of it is told that this is the end.
  const second = tabs[1];
  const survivors = pages.slice(1);
  const crashed = second?.waitForEvent('crash');
  const session = second && (await second.context().newCDPSession(second));
  session?.send('Page.crash').catch(() => {});
  await Promise.all([say(job, lines(17, 28)), crashed]);
  for (const page of survivors) await expect.poll(() => said(page)).toEqual(lines(1, 28));
  await expect.poll(openStreams).toBe(1);

  await job.complete({});
  for (const page of survivors) {
    await expect.poll(() => page.getByTestId('state').first().textContent()).toBe('Succeeded');
  }
  for (const tab of tabs.slice(2)) await isLive(tab);
  // A stream that changed hands is not one that began anew.
  expect(await openStreams()).toBe(1);
  for (const tab of tabs.slice(2)) await tab.close();
  await expect.poll(openStreams).toBe(0);
});

test('a tab that the browser freezes hands the stream on, and misses nothing when it is seen again', async () => {
  const { id } = await milepost.submit('e2e.frozen');
  const job = await lease(milepost, 'e2e.frozen');
  const first = await open(`${server.url}/tasks/${id}`);
  await isLive(first);
  const second = await openBeside(first, `${server.url}/tasks/${id}`);
  await isLive(second);
  await say(job, lines(1, 3));
  for (const page of [first, second]) await expect.poll(() => said(page)).toEqual(lines(1, 3));

  const session = await first.context().newCDPSession(first);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await say(job, lines(4, 6));
  await expect.poll(() => said(second)).toEqual(lines(1, 6));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await say(job, lines(7, 9));
  for (const page of [first, second]) await expect.poll(() => said(page)).toEqual(lines(1, 9));
  await expect.poll(openStreams).toBe(1);
  await job.complete({});
});
