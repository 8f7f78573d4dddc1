// What all calls share: the typed API, trying again what is harmless to repeat, and how options
// become a request.

import createClient, { type Client } from "openapi-fetch";

import { MilepostNetworkError, MilepostProblem } from "./errors.js";
import type { Transport } from "./transport.js";
import type { paths } from "./types.js";
import { Backoff, pause } from "./watch/backoff.js";

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

export interface ChangeOptions extends CallOptions {
  /** The `ETag` that it must still have: else nothing is changed, and the problem has status 412. */
  ifMatch?: string | undefined;
}

export interface PutOptions extends ChangeOptions {
  /** `"*"`: only if it is not there yet, else 412. */
  ifNoneMatch?: string | undefined;
}

export interface PageOptions extends CallOptions {
  limit?: number | undefined;
  /** A `next_page` of an earlier answer. */
  page?: string | undefined;
}

export class Calls {
  readonly api: Client<paths>;
  readonly #retries: number;

  constructor(transport: Transport, retries: number) {
    this.api = createClient<paths>({ baseUrl: transport.baseUrl, fetch: transport.fetch });
    this.#retries = retries;
  }

  /** Calls, and calls again when no answer came or one that asks for it. */
  async persist<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    const backoff = new Backoff(300);
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!isRetryable(error) || backoff.failures >= this.#retries) throw error;
        const asked = error instanceof MilepostProblem ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
        await pause(Math.max(backoff.next(), asked), signal);
        signal?.throwIfAborted();
      }
    }
  }

  /**
   * The same for what puts: the same again changes nothing. Where it insists on what is there, it is
   * called once: after a lost answer its own change would refuse it.
   */
  put<T>(options: PutOptions, call: () => Promise<T>): Promise<T> {
    const insists = options.ifMatch !== undefined || options.ifNoneMatch !== undefined;
    return insists ? call() : this.persist(options.signal, call);
  }
}

/** What a call insists on, as headers. */
export const insisting = ({ ifMatch, ifNoneMatch }: PutOptions) =>
  defined({ "If-Match": ifMatch, "If-None-Match": ifNoneMatch });

/** Every item of a list, page after page. */
export async function* everyItem<T>(
  list: (page: string | undefined) => Promise<{ items: T[]; next_page?: string }>,
  first?: string,
): AsyncGenerator<T, void, undefined> {
  let page = first;
  do {
    const answer: { items: T[]; next_page?: string } = await list(page);
    yield* answer.items;
    page = answer.next_page;
  } while (page !== undefined);
}

export function isRetryable(error: unknown): boolean {
  return (
    error instanceof MilepostNetworkError || (error instanceof MilepostProblem && error.isRetryable)
  );
}

/** The part of a request that names a task or a schedule. */
export const of = (id: string) => ({ params: { path: { id } } });

/** The part of a request that ends it. */
export const on = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

export const prefer = (seconds: number | undefined) =>
  seconds === undefined ? undefined : `wait=${seconds}`;

/** 128 random bits. Not `randomUUID`, which a page served over plain HTTP does not have. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Without the properties that are `undefined`. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
