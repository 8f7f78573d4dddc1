import { expect, test, vi } from "vitest";

import { Backoff, pause } from "../../src/watch/backoff.js";

test("waits double each time, up to half a minute", () => {
  const backoff = new Backoff(1000, () => 1);
  const waits = Array.from({ length: 8 }, () => backoff.next());
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  backoff.reset();
  expect(backoff.next()).toBe(1000);
});

test("spreads the waits over the upper half", () => {
  expect(new Backoff(1000, () => 0).next()).toBe(500);
  expect(new Backoff(1000, () => 0.5).next()).toBe(750);
});

test("begins with the time that the server names, but not with any", () => {
  const backoff = new Backoff(1000, () => 1);
  backoff.base = 2500;
  expect(backoff.next()).toBe(2500);
  backoff.base = 60_000;
  expect(backoff.next()).toBe(60_000);
  backoff.base = Number("9".repeat(400));
  expect(backoff.next()).toBe(300_000);
});

test("survives any number of failures", () => {
  const backoff = new Backoff(0, () => 1);
  for (let i = 0; i < 5000; i += 1) expect(backoff.next()).toBe(0);
});

test("a pause ends with its signal and leaves nothing behind", async () => {
  vi.useFakeTimers();
  const abort = new AbortController();
  const waiting = pause(60_000, abort.signal);
  abort.abort();
  await waiting;
  await pause(60_000, abort.signal);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
