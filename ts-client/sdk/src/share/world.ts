// What tabs of one origin share: locks, by which one of them leads, and a channel. Where either is
// missing, or forbidden, each page has a connection of its own.

import type { Message } from "./messages.js";

export interface LockRequest {
  signal?: AbortSignal;
  ifAvailable?: boolean;
  steal?: boolean;
}

/** As `navigator.locks` (Web Locks). */
export interface Locks {
  request(name: string, options: LockRequest, held: (lock: unknown) => Promise<void> | void): Promise<unknown>;
}

/** As a `BroadcastChannel`: what is posted is heard by all others of the name. */
export interface Channel {
  post(message: Message): void;
  close(): void;
}

export interface World {
  locks: Locks;
  channel(name: string, hear: (message: Message) => void): Channel;
  /** Told when the page is put away (closed, kept for the way back, frozen) and is there again. */
  onPage?(away: () => void, back: () => void): () => void;
}

/** The world of this page; nothing, where there is none to be shared. */
export function pageWorld(): World | undefined {
  const { document, navigator, BroadcastChannel } = globalThis as Partial<typeof globalThis>;
  const locks = navigator?.locks;
  if (document === undefined || locks === undefined || BroadcastChannel === undefined) return undefined;
  return {
    locks: { request: (name, options, held) => locks.request(name, options, held) },
    channel: (name, hear) => {
      const channel = new BroadcastChannel(name);
      channel.addEventListener("message", ({ data }: MessageEvent<Message>) => hear(data));
      return {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
        post: (message) => channel.postMessage(message),
        close: () => channel.close(),
      };
    },
    onPage: (away, back) => {
      const over = new AbortController();
      const { signal } = over;
      globalThis.addEventListener("pagehide", away, { signal });
      globalThis.addEventListener("pageshow", back, { signal });
      document.addEventListener("freeze", away, { signal });
      document.addEventListener("resume", back, { signal });
      return () => over.abort();
    },
  };
}
