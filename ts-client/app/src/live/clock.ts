/**
 * The server's time, ticking once a second for everybody who shows an age or an ETA.
 *
 * One timer serves the page, and it stops when nobody looks. The browser's clock may be wrong, so
 * the server's is used where it is known.
 */
import { useSyncExternalStore } from 'react';

let offset = 0;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** The server said it is `serverNow`; small differences are the way the answer took. */
export function setServerTime(serverNow: number): void {
  const difference = serverNow - Date.now();
  offset = Math.abs(difference) > 2_000 ? difference : 0;
  tick();
}

/** The server's time, in milliseconds since the Unix epoch. */
export function serverTime(): number {
  return Date.now() + offset;
}

function tick(): void {
  now = serverTime();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = serverTime();
    timer = setInterval(tick, 1_000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The server's time; the component is drawn again every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
