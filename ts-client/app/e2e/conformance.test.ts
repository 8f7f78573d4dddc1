// The streams read by the browser's own EventSource: whatever texts are in them, across cuts, it
// gives exactly the events that the history tells.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { Cutter } from '../../sdk/tests/live/cutter';
import { entries, history, hostileTexts, live, type Read, told, TYPES } from '../../sdk/tests/live/hostile';
import { open, withBrowser } from './browser';
import { Server } from './server';

interface Sources {
  /** What came on each stream that was opened, by its number. */
  read: Read[][];
  /** Those that the server has told not to come back. */
  closed: number[];
}

let server: Server;
let cutter: Cutter;
let texts: string[];

vi.setConfig({ testTimeout: 180_000 });
withBrowser();
beforeAll(async () => {
  texts = await hostileTexts();
  server = await Server.start();
  cutter = await Cutter.before(server.url);
});
afterAll(async () => {
  await cutter.close();
  await server.remove();
});

/** A page of the server's origin, through the cutter, with nothing in it. */
async function blank(): Promise<Page> {
  const page = await open(`${cutter.url}/healthz`);
  await page.evaluate(() => Object.assign(window, { sources: { read: [], closed: [] } satisfies Sources }));
  return page;
}

/** Opens a stream in the page; gives its number. */
function listen(page: Page, path: string): Promise<number> {
  return page.evaluate(
    ([path, types]) => {
      const { sources } = window as never as { sources: Sources };
      const read: Read[] = [];
      const number = sources.read.push(read) - 1;
      const source = new EventSource(path);
      for (const type of types) {
        source.addEventListener(type, (event: MessageEvent<string>) => {
          read.push({ id: event.lastEventId, type, data: event.data });
        });
      }
      source.addEventListener('error', () => {
        if (source.readyState === EventSource.CLOSED) sources.closed.push(number);
      });
      return number;
    },
    [path, TYPES] as const,
  );
}

function sources(page: Page): Promise<Sources> {
  return page.evaluate(() => (window as never as { sources: Sources }).sources);
}

test("a task's stream has what its history tells, whatever its texts are", async () => {
  const page = await blank();
  const ids = await Promise.all(texts.map((text, index) => live(server.url, `browser ${index}`, text)));
  for (const id of ids) await listen(page, `/api/v1/tasks/${id}/events?from=start`);
  // Each comes back with its last id, and hears that nothing more will be.
  await expect.poll(async () => (await sources(page)).closed.length, { timeout: 60_000 }).toBe(ids.length);
  const { read } = await sources(page);
  for (const [number, id] of ids.entries()) {
    const got = read[number] ?? [];
    expect(entries(got)).toEqual(told(await history(server.url, `/api/v1/tasks/${id}/history`)));
    expect(got.filter(({ type }) => type.startsWith('stream.')).map(({ type }) => type)).toEqual(['stream.end']);
  }
});

test('a stream of many tasks has each event once, in order, however often it is cut', async () => {
  const page = await blank();
  const half = Math.floor(texts.length / 2);
  for (const text of texts.slice(0, half)) await live(server.url, 'browser', text);
  cutter.cut(3_000, 50_000, 10_001);
  await listen(page, '/api/v1/events?from=start&kind=browser');
  for (const text of texts.slice(half)) await live(server.url, 'browser', text);
  const events = await history(server.url, '/api/v1/history?kind=browser');
  await expect.poll(async () => (await sources(page)).read[0]?.length).toBeGreaterThanOrEqual(events.length);
  expect(entries((await sources(page)).read[0] ?? [])).toEqual(told(events));
  expect(cutter.resumed.length).toBeGreaterThanOrEqual(4);
  expect(cutter.resumed.slice(1).every((id) => id !== undefined && id !== '')).toBe(true);
});

test("the Quickstart's numbers come once each, in order, across cuts, and then it is over", async () => {
  const page = await blank();
  await fetch(`${server.url}/start_task/conform`, { method: 'POST' });
  cutter.cut(700, 1_500);
  await listen(page, '/sse_progress/conform');
  await expect.poll(async () => (await sources(page)).closed, { timeout: 40_000 }).toEqual([0]);
  const numbers = Array.from({ length: 101 }, (_, percent) => String(percent));
  const read = (await sources(page)).read[0] ?? [];
  expect(read.map(({ data }) => data)).toEqual([...numbers, 'DONE']);
  expect(read.every(({ type }) => type === 'message')).toBe(true);
  expect(cutter.resumed.length).toBeGreaterThanOrEqual(3);
});
