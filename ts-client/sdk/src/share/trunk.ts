// The one connection, run by the tab that leads, and what each tab wants of it.
//
// What is wanted only widens the stream when the stream does not cover it yet: then it is opened
// again behind the position reached, with `fresh` for the new part, so that nothing known is sent
// again and nothing is missed. What nobody wants any more is left out the next time.

import { compareCursors } from "../fold/cursor.js";
import type { Streams } from "../streams.js";
import type { StreamRequest, Task, TaskFilter, WatchedEvent } from "../types.js";
import type { PollCalls } from "../watch/poll.js";
import type { Start, StreamState, Watch } from "../watch/watch.js";
import { coveredBy, fits, matches, toStreamFilter, withinLimits } from "./filters.js";
import { errorToWire, type FromLeader, type Said, stateToWire, type Wanted } from "./messages.js";
import { Pictures } from "./pictures.js";
import { pageOfAny, pollsFor, type ReadPage } from "./polls.js";
import { filtersOf, type Wish, Wishes } from "./wishes.js";

/** How long a stream may be about more than is wanted, in milliseconds. */
const NARROW_AFTER = 30_000;
/** What a reset waits for: who only wanted the position that is lost goes. */
const RESET_PAUSE = 100;
/** Another reset within this time waits as long as this. */
const RESETS_APART = 3_000;

/** What one request asked for. */
interface Asked {
  filters: TaskFilter[];
  /** Those it was made for: they are covered once it is answered. */
  wishes: Set<Wish>;
  /** Those of them whose snapshot it brings. */
  pictured: Set<Wish>;
}

const NOTHING: Asked = { filters: [], wishes: new Set(), pictured: new Set() };

export class Trunk {
  readonly term: string;
  readonly #streams: Streams;
  readonly #tell: (message: FromLeader) => void;
  readonly #onIdle: () => void;
  readonly #wishes = new Wishes();
  readonly #pictures = new Pictures();
  #started = false;
  #sent = 0;
  #position: string | undefined;
  #state: StreamState = { status: "connecting" };
  #running: AbortController | undefined;
  #asked = NOTHING;
  /** What the stream that answered is about. */
  #open: TaskFilter[] = [];
  /** Events given out together. */
  #batch: WatchedEvent[] = [];
  #pages: Task[] = [];
  /** Something new was refused, so the others are tried one by one. */
  #oneByOne = false;
  #reopening = false;
  #narrowing: ReturnType<typeof setTimeout> | undefined;
  #pausing: ReturnType<typeof setTimeout> | undefined;
  #lastReset = Number.NEGATIVE_INFINITY;

  /** `onIdle` is told when nobody wants anything any more, and the connection is closed. */
  constructor(term: string, streams: Streams, tell: (message: FromLeader) => void, onIdle: () => void) {
    this.term = term;
    this.#streams = streams;
    this.#tell = tell;
    this.#onIdle = onIdle;
  }

  /** Opens: behind the earliest position that anybody has reached, so that nobody misses anything. */
  start(): void {
    this.#started = true;
    this.#settle();
  }

  announce(): void {
    this.#say({ type: "lead" });
  }

  /** Takes all that a tab wants. */
  join(tab: string, wanted: readonly Wanted[]): void {
    const news = this.#wishes.set(tab, wanted);
    this.welcome(tab);
    if (news) this.hurry();
    this.#settle();
  }

  leave(tab: string): void {
    this.#wishes.set(tab, []);
    this.#settle();
  }

  welcome(to: string): void {
    this.#say({ type: "welcome", to, state: stateToWire(this.#state) });
  }

  /** Tries now what waits for its next try. */
  hurry(): void {
    if (this.#started && this.#state.status === "reconnecting") this.#reopen();
  }

  close(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#narrowing);
    clearTimeout(this.#pausing);
    this.#wishes.clear();
  }

  #say(said: Said): void {
    this.#sent += 1;
    this.#tell({ ...said, term: this.term, sent: this.#sent } as FromLeader);
  }

  /** Brings what is heard in line with what is wanted. */
  #settle(): void {
    if (!this.#started) return;
    if (this.#wishes.isEmpty) {
      this.close();
      this.#onIdle();
      return;
    }
    for (const wish of this.#wishes.pending()) {
      if (this.#position === undefined || !coveredBy(this.#open, wish.filter, this.#pictures.queueOf)) continue;
      // Its picture is on its way.
      if (this.#asked.pictured.has(wish)) continue;
      this.#cover(wish, this.#pictures.of(wish.filter));
    }
    const waiting = this.#wishes.pending();
    if (waiting.length === 0) this.#oneByOne = false;
    const undecided = this.#oneByOne && waiting.some((wish) => this.#asked.wishes.has(wish));
    // What is asked for already may cover it, and is only not answered yet.
    const news = waiting.some(({ filter }) => !coveredBy(this.#asked.filters, filter, this.#pictures.queueOf));
    if (news && !undecided) this.#reopen();
    this.#narrow();
  }

  #cover(wish: Wish, picture: Task[] | undefined): void {
    if (this.#position === undefined) return;
    wish.covered = true;
    const { tab: to, key, since } = wish;
    const tasks = since === undefined ? picture : undefined;
    this.#say({ type: "covered", to, key, position: this.#position, tasks });
  }

  #narrow(): void {
    const wanted = withinLimits(filtersOf(this.#wishes.all()));
    const more = this.#open.some((open) => !coveredBy(wanted, open));
    if (!more) {
      clearTimeout(this.#narrowing);
      this.#narrowing = undefined;
      return;
    }
    this.#narrowing ??= setTimeout(() => {
      this.#narrowing = undefined;
      this.#reopen();
    }, NARROW_AFTER);
  }

  /** Opens the stream again, with all that is wanted by the end of this turn. */
  #reopen(): void {
    if (this.#reopening || this.#pausing !== undefined) return;
    this.#reopening = true;
    // Not a timer: those of a page that is not seen come late, and others may be waiting.
    queueMicrotask(() => {
      this.#reopening = false;
      if (!this.#wishes.isEmpty) this.#connect();
    });
  }

  #connect(): void {
    this.#running?.abort();
    const running = new AbortController();
    const { signal } = running;
    this.#running = running;
    this.#flush();
    this.#position ??= this.#wishes.earliest();
    const page: PollCalls["page"] = (after, signal, headers) => {
      const read: ReadPage = (filter, signal, wait) => this.#streams.page(filter, after, signal, wait);
      return pageOfAny(pollsFor(this.#asked.filters, this.#pictures.queueOf), read, signal, headers.Prefer);
    };
    const watch = this.#streams.watch(
      {
        connect: async (start) => this.#streams.post(await this.#request(start), start.signal),
        onPosition: (cursor) => {
          if (!signal.aborted) this.#reached(cursor);
        },
      },
      {
        page,
        fresh: (signal) => this.#read(this.#ask(this.#position).fresh, signal),
        snapshot: async (signal) => {
          const { pictured } = this.#ask(undefined);
          const cursor = await this.#streams.logEnd(signal);
          return { tasks: await this.#read([...pictured].map((wish) => wish.filter), signal), cursor };
        },
      },
      {
        signal,
        after: this.#position,
        onState: (state) => {
          if (!signal.aborted) this.#heardState(state);
        },
      },
    );
    void this.#follow(watch, signal);
  }

  async #read(filters: readonly TaskFilter[], signal: AbortSignal): Promise<Task[]> {
    const pages: Task[][] = [];
    for (const filter of filters) pages.push(await this.#streams.tasks(filter, signal));
    return pages.flat();
  }

  async #request({ cursor, signal }: Start): Promise<StreamRequest> {
    let after = cursor;
    // A snapshot of every task is not what hooks of too many single ones want: they read their own.
    if (after === undefined && !fits(filtersOf(this.#wishes.all()))) after = await this.#streams.logEnd(signal);
    const { filters, fresh } = this.#ask(after);
    if (cursor === undefined) this.#position = after;
    return {
      filters: filters.map(toStreamFilter),
      ...(after !== undefined && { after }),
      ...(fresh.length > 0 && { fresh: fresh.map(toStreamFilter) }),
    };
  }

  /** Notes what the next request is about. Behind a `cursor` only what is `fresh` is shown. */
  #ask(cursor: string | undefined): Asked & { fresh: TaskFilter[] } {
    const pending = this.#wishes.pending();
    const wishes = new Set(this.#oneByOne ? pending.slice(0, 1) : pending);
    const all = this.#wishes.all().filter((wish) => wish.covered || wishes.has(wish));
    const unseen = [...wishes].filter((wish) => wish.since === undefined);
    const fresh = filtersOf(unseen);
    const shown = cursor === undefined || fits(fresh);
    this.#pages = [];
    if (cursor === undefined) this.#position = undefined;
    this.#asked = { filters: withinLimits(filtersOf(all)), wishes, pictured: new Set(shown ? unseen : []) };
    return { ...this.#asked, fresh: shown && cursor !== undefined ? fresh : [] };
  }

  async #follow(watch: Watch, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of watch) {
        if (signal.aborted) return;
        this.#take(event);
      }
      // A server that says this stream is over is not what it was; what was known may not hold.
      if (!signal.aborted) this.#anew({ type: "stream.restart" });
    } catch (error) {
      if (!signal.aborted) this.#refused(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #heardState(state: StreamState): void {
    if (state.status === "connecting" || state.status === "ended") return;
    this.#state = state;
    this.#say({ type: "state", state: stateToWire(state) });
    if (state.status !== "live") return;
    this.#open = this.#asked.filters;
    this.#pictures.keep(this.#open);
    this.#settle();
  }

  #take(event: WatchedEvent): void {
    switch (event.type) {
      case "stream.snapshot":
        this.#pages.push(...event.tasks);
        if (!event.more) this.#whole(event.cursor);
        return;
      case "stream.reset":
      case "stream.restart":
        this.#anew(event);
        return;
      case "stream.end":
      case "stream.draining":
      case "unknown":
        return;
      default:
        this.#pictures.apply(event);
        this.#batch.push(event);
    }
  }

  /** A snapshot is whole: of everything, or of what was asked for afresh. */
  #whole(cursor: string | undefined): void {
    this.#position = cursor ?? this.#position;
    const tasks = [...new Map(this.#pages.map((task) => [task.id, task])).values()];
    this.#pages = [];
    const { pictured } = this.#asked;
    this.#asked = { ...this.#asked, pictured: new Set() };
    for (const wish of pictured) {
      const picture = tasks.filter((task) => matches(wish.filter, task));
      this.#pictures.add(wish.filter, picture);
      if (this.#wishes.has(wish)) this.#cover(wish, picture);
    }
    this.#settle();
  }

  #reached(cursor: string | undefined): void {
    // Before the end of a first snapshot there is no position.
    if (cursor === undefined || (this.#position === undefined && this.#batch.length === 0)) return;
    this.#position = cursor;
    this.#flush(true);
  }

  /** Gives out what has come; `quiet`: though it be nothing, so that all know that somebody leads. */
  #flush(quiet = false): void {
    if (this.#position === undefined || (this.#batch.length === 0 && !quiet)) return;
    const position = lastCursor(this.#batch) ?? this.#position;
    this.#position = compareCursors(position, this.#position) === undefined ? position : later(position, this.#position);
    const events = this.#batch;
    this.#batch = [];
    this.#say({ type: "events", events, position: this.#position });
  }

  #anew(event: WatchedEvent): void {
    this.#running?.abort();
    this.#wishes.forgetPositions();
    this.#batch = [];
    this.#open = [];
    this.#pictures.clear();
    this.#position = undefined;
    this.#asked = NOTHING;
    this.#say({ type: "reset", event });
    const now = performance.now();
    const pause = now - this.#lastReset < RESETS_APART ? RESETS_APART : RESET_PAUSE;
    this.#lastReset = now;
    clearTimeout(this.#pausing);
    this.#pausing = setTimeout(() => {
      this.#pausing = undefined;
      this.#settle();
    }, pause);
  }

  /** The server does not take this. Who asked for something new is told, and not the others. */
  #refused(error: Error): void {
    const tried = [...this.#asked.wishes].filter((wish) => !wish.covered);
    const guilty = tried.length === 0 ? this.#wishes.all() : tried.length === 1 ? tried : [];
    this.#oneByOne = tried.length > 1;
    this.#asked = NOTHING;
    for (const wish of guilty) {
      this.#wishes.remove(wish);
      this.#say({ type: "refused", to: wish.tab, key: wish.key, error: errorToWire(error) });
    }
    this.#settle();
    if (!this.#wishes.isEmpty) this.#reopen();
  }
}

function later(a: string, b: string): string {
  return (compareCursors(a, b) ?? 1) >= 0 ? a : b;
}

function lastCursor(events: readonly WatchedEvent[]): string | undefined {
  const last = events.at(-1);
  return last !== undefined && "cursor" in last ? last.cursor : undefined;
}
