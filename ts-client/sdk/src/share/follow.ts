// Which clients share a connection, and the way into it.

import type { Streams } from "../streams.js";
import type { TaskFilter } from "../types.js";
import type { TransportOptions } from "../transport.js";
import type { StreamState, Watch } from "../watch/watch.js";
import { idsOf } from "./filters.js";
import { Tab } from "./tab.js";
import { pageWorld } from "./world.js";

export interface ShareOptions {
  /**
   * Whom the connection of {@link Milepost.follow} and of the hooks is shared with: the clients of
   * the same server that give the same name, in all tabs of the page's origin. Without a name, all
   * that have no `headers` and no `fetch` of their own; one that has them may be signed in as
   * somebody else and shares with nobody, so name it after who that is. `false`: with nobody.
   */
  share?: string | false | undefined;
}

export interface FollowOptions {
  /** Ends it: the iteration stops, without an error. */
  signal?: AbortSignal | undefined;
  /** Begin behind this cursor, without a snapshot. */
  after?: string | undefined;
  /** Told of every change. */
  onState?: ((state: StreamState) => void) | undefined;
}

/** Changes when tabs of two versions would not understand each other. */
const VERSION = 1;

/** What those who share have in common; nothing, if with nobody. */
export function shareName(
  baseUrl: string,
  { share, headers, fetch }: ShareOptions & TransportOptions,
): string | undefined {
  if (share === false) return undefined;
  if (share === undefined && (headers !== undefined || fetch !== undefined)) return undefined;
  return `milepost ${VERSION} ${baseUrl} ${share ?? ""}`;
}

const named = new Map<string, Tab>();
const own = new WeakMap<Streams, Tab>();

export function followShared(
  streams: Streams,
  name: string | undefined,
  filter: TaskFilter,
  options: FollowOptions,
): Watch {
  // Whether a task matched before cannot be told from what comes after; this server can tell.
  if (options.after !== undefined && !isWhole(filter)) return streams.watchEvents(filter, options);
  return tabOf(streams, name).watch(filter, options);
}

function tabOf(streams: Streams, name: string | undefined): Tab {
  const known = name === undefined ? own.get(streams) : named.get(name);
  if (known !== undefined) return known;
  if (name === undefined) {
    const tab = new Tab("", streams, undefined);
    own.set(streams, tab);
    return tab;
  }
  const tab = new Tab(name, streams, pageWorld(), () => {
    if (named.get(name) === tab) named.delete(name);
  });
  named.set(name, tab);
  return tab;
}

/** Every task, or tasks by their ids alone. */
function isWhole(filter: TaskFilter): boolean {
  const { queue, kind, state, labels } = filter;
  const ids = idsOf(filter);
  return [queue, kind, state, labels].every((part) => part === undefined) && (filter.task === undefined || ids.length > 0);
}
