// Hooks for what is not in the log. They ask every few seconds, when the page is seen again, and
// when `refetch` is called, which a page does after it changed something.

import { useEffect, useSyncExternalStore } from "react";

import type { Attempt, Kind, Queue, Schedule, Webhook, Worker } from "../types.js";
import { useTask } from "./hooks.js";
import { polled, type Polled, type PolledView } from "./polled.js";
import { useMilepost } from "./provider.js";

const EVERY = 3_000;
const PAGE = 200;
/** More are not looked through by eye; `milepost.queues.all()` and its like have no such end. */
const MOST = 1_000;

/** What all of them tell besides the answer. */
export interface Refetched {
  /** There was an answer. */
  loaded: boolean;
  /** Why the last question failed; what was known before stays. */
  error: Error | undefined;
  /** Asks now. */
  refetch: () => Promise<void>;
}

/** Every queue, by name. */
export function useQueues(): Refetched & { queues: readonly Queue[] } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, "queues", {
      ask: (signal) => collect(client.queues.all({ limit: PAGE, signal })),
      every: EVERY,
    }),
  );
  return { queues: data ?? NONE, ...rest };
}

/** One queue. */
export function useQueue(name: string): Refetched & { queue: Queue | undefined } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, `queue ${name}`, {
      ask: (signal) => client.queues.get(name, { signal }),
      every: EVERY,
    }),
  );
  return { queue: data, ...rest };
}

/** Every kind that something was said of, by name, without their schemas. */
export function useKinds(): Refetched & { kinds: readonly Kind[] } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, "kinds", {
      ask: (signal) => collect(client.kinds.all({ limit: PAGE, signal })),
      every: EVERY,
    }),
  );
  return { kinds: data ?? NONE, ...rest };
}

/** One kind, with its schema. */
export function useKind(name: string): Refetched & { kind: Kind | undefined } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, `kind ${name}`, {
      ask: (signal) => client.kinds.get(name, { signal }),
      every: EVERY,
    }),
  );
  return { kind: data, ...rest };
}

/** Every schedule, by id. */
export function useSchedules(): Refetched & { schedules: readonly Schedule[] } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, "schedules", {
      ask: (signal) => collect(client.schedules.all({ limit: PAGE, signal })),
      every: EVERY,
    }),
  );
  return { schedules: data ?? NONE, ...rest };
}

/** Every webhook, by id, without secrets. */
export function useWebhooks(): Refetched & { webhooks: readonly Webhook[] } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, "webhooks", {
      ask: (signal) => collect(client.webhooks.all({ limit: PAGE, signal })),
      every: EVERY,
    }),
  );
  return { webhooks: data ?? NONE, ...rest };
}

/** One webhook, without its secret. */
export function useWebhook(id: string): Refetched & { webhook: Webhook | undefined } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, `webhook ${id}`, {
      ask: (signal) => client.webhooks.get(id, { signal }),
      every: EVERY,
    }),
  );
  return { webhook: data, ...rest };
}

/** Every worker that asked for work lately or runs something, by name. */
export function useWorkers(): Refetched & { workers: readonly Worker[] } {
  const client = useMilepost();
  const { data, ...rest } = usePolled(
    polled(client, "workers", {
      ask: (signal) => collect(client.workers.all({ limit: PAGE, signal })),
      every: EVERY,
    }),
  );
  return { workers: data ?? NONE, ...rest };
}

/** A task's attempts, oldest first; asked for again when the task's stream shows another state. */
export function useTaskAttempts(id: string): Refetched & { attempts: readonly Attempt[] } {
  const client = useMilepost();
  const { task } = useTask(id);
  const source = polled(client, `attempts ${id}`, {
    ask: (signal) => client.attempts(id, { signal }),
    every: undefined,
  });
  const { data, ...rest } = usePolled(source);
  const change = task === undefined ? undefined : `${task.state} ${task.attempt}`;
  useEffect(() => {
    if (change !== undefined) void source.refetch();
  }, [source, change]);
  return { attempts: data ?? NONE, ...rest };
}

const NONE: readonly never[] = [];

function usePolled<T>(source: Polled<T>): Refetched & { data: T | undefined } {
  const { data, error }: PolledView<T> = useSyncExternalStore(
    source.subscribe,
    source.view,
    source.view,
  );
  return { data, loaded: data !== undefined, error, refetch: source.refetch };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
    if (found.length >= MOST) break;
  }
  return found;
}
