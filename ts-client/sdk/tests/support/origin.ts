// The tabs of one origin, as far as they can be had without a browser: locks, a channel, and pages
// that crash.

import { Calls } from "../../src/calls.js";
import type { Message } from "../../src/share/messages.js";
import { Tab } from "../../src/share/tab.js";
import type { Locks, World } from "../../src/share/world.js";
import { Streams } from "../../src/streams.js";
import { Transport } from "../../src/transport.js";

interface Holder {
  page: Page;
  release: () => void;
  rob: () => void;
}

interface Waiting {
  page: Page;
  begin: () => void;
}

/** One tab: its messages arrive later, in order, and none once it has crashed. */
export interface Page {
  tab: Tab;
  /** The process is gone: its locks are free, its connections cut, and nothing in it is told. */
  crash(): void;
  /** Loses the next message that would arrive here. */
  loseOne(): void;
  /** The page is put away and brought back, as by the browser's back button. */
  putAway(): void;
  bringBack(): void;
  /** Messages sent by it. */
  said: Message[];
}

export class Origin {
  readonly #url: string;
  readonly #held = new Map<string, Holder>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #ears = new Map<Page, Set<{ name: string; hear: (message: Message) => void }>>();

  constructor(url: string) {
    this.#url = url;
  }

  page(options: { name?: string; broken?: "locks" | "channel" } = {}): Page {
    const dead = new AbortController();
    const losing = { count: 0 };
    const hooks = { away: (): void => {}, back: (): void => {} };
    const fetch = async (request: Request): Promise<Response> => {
      if (dead.signal.aborted) return new Promise(() => {});
      const response = await globalThis.fetch(request, { signal: AbortSignal.any([request.signal, dead.signal]) });
      // Node forgets a fetch's signal once the garbage is collected; a pipe's it does not.
      const body = response.body?.pipeThrough(new TransformStream(), { signal: dead.signal }) ?? null;
      return new Response(body, response);
    };
    const transport = new Transport({ baseUrl: this.#url, fetch });
    const streams = new Streams(transport, new Calls(transport, 0));
    const page = {
      said: [] as Message[],
      loseOne: () => {
        losing.count += 1;
      },
      putAway: () => hooks.away(),
      bringBack: () => hooks.back(),
      crash: () => {
        this.#ears.delete(page);
        dead.abort();
        for (const queue of this.#waiting.values()) {
          queue.splice(0, queue.length, ...queue.filter((one) => one.page !== page));
        }
        for (const holder of this.#held.values()) if (holder.page === page) holder.release();
      },
    } as Page;
    const world: World = {
      locks: options.broken === "locks" ? brokenLocks : this.#locksOf(page),
      channel: (name, hear) => {
        if (options.broken === "channel") throw new Error("no channels here");
        const ear = { name, hear: (message: Message) => (losing.count > 0 ? void (losing.count -= 1) : hear(message)) };
        const ears = this.#ears.get(page) ?? new Set();
        this.#ears.set(page, ears.add(ear));
        return {
          post: (message) => {
            if (this.#ears.get(page)?.has(ear) !== true) return;
            page.said.push(message);
            this.#send(page, name, structuredClone(message));
          },
          close: () => void ears.delete(ear),
        };
      },
      onPage: (away, back) => {
        Object.assign(hooks, { away, back });
        return () => Object.assign(hooks, { away: () => {}, back: () => {} });
      },
    };
    page.tab = new Tab(options.name ?? "test", streams, world);
    return page;
  }

  #send(from: Page, name: string, message: Message): void {
    for (const [page, ears] of this.#ears) {
      if (page === from) continue;
      for (const ear of ears) {
        if (ear.name !== name) continue;
        setImmediate(() => {
          if (this.#ears.get(page)?.has(ear) === true) ear.hear(message);
        });
      }
    }
  }

  #locksOf(page: Page): Locks {
    return {
      request: (name, { signal, ifAvailable, steal }, held) =>
        new Promise((resolve, reject) => {
          const begin = (): void => {
            const holder: Holder = {
              page,
              release: () => {
                if (this.#held.get(name) !== holder) return;
                this.#held.delete(name);
                this.#waiting.get(name)?.shift()?.begin();
              },
              rob: () => reject(new DOMException("stolen", "AbortError")),
            };
            this.#held.set(name, holder);
            void (async () => {
              await Promise.resolve();
              await held({ name });
              holder.release();
              resolve(undefined);
            })();
          };
          const queue = this.#waiting.get(name) ?? [];
          this.#waiting.set(name, queue);
          const holder = this.#held.get(name);
          if (steal === true) {
            holder?.rob();
            begin();
          } else if (holder === undefined) begin();
          else if (ifAvailable === true) resolve(held(null));
          else {
            const one = { page, begin };
            queue.push(one);
            signal?.addEventListener("abort", () => {
              if (queue.includes(one)) queue.splice(queue.indexOf(one), 1);
              reject(new DOMException("aborted", "AbortError"));
            });
          }
        }),
    };
  }
}

const brokenLocks: Locks = { request: () => Promise.reject(new DOMException("not here", "SecurityError")) };
