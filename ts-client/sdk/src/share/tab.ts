// A tab's part in the shared connection: what is wanted in it, and whether it leads or follows.
//
// A tab that leads runs the trunk and hears it as all others do, only without the channel.

import { randomKey } from "../calls.js";
import type { Streams } from "../streams.js";
import type { TaskFilter } from "../types.js";
import type { Watch, WatchOptions } from "../watch/watch.js";
import { Election } from "./election.js";
import { Interest } from "./interest.js";
import { errorFromWire, type FromLeader, type Message, stateFromWire, type ToLeader } from "./messages.js";
import { Silence } from "./silence.js";
import { Trunk } from "./trunk.js";
import type { Channel, World } from "./world.js";

/** How long a new leader listens for those who watched before it opens the stream, in milliseconds. */
const GATHER = 150;

export class Tab {
  /** Another each time it takes part, so that the end of the time before is not taken for this one's. */
  #id = randomKey();
  readonly #name: string;
  readonly #streams: Streams;
  readonly #world: World | undefined;
  readonly #onIdle: () => void;
  readonly #interests = new Map<string, Interest>();
  #made = 0;
  #channel: Channel | undefined;
  #election: Election | undefined;
  #trunk: Trunk | undefined;
  /** The leader listened to, and how many of its messages were heard. */
  #term: string | undefined;
  #sent = 0;
  /** Those who led before it: what they still say comes late. */
  readonly #past = new Set<string>();
  #silence: Silence | undefined;
  /** The tabs that follow this one. */
  readonly #signs = new Set<string>();
  #stopPage: (() => void) | undefined;
  #isOpen = false;
  #away = false;
  #joining = false;

  /** `onIdle` is told when nothing is wanted in this tab, and nothing by others of it. */
  constructor(name: string, streams: Streams, world: World | undefined, onIdle: () => void = () => {}) {
    this.#name = name;
    this.#streams = streams;
    this.#world = world;
    this.#onIdle = onIdle;
  }

  watch(filter: TaskFilter, options: Pick<WatchOptions, "after" | "onState" | "signal">): Watch {
    this.#made += 1;
    const key = String(this.#made);
    const interest = new Interest(key, filter, options, this.#streams, () => {
      this.#interests.delete(key);
      this.#join();
    });
    if (options.signal?.aborted === true) {
      interest.close();
      return interest.watch;
    }
    this.#interests.set(key, interest);
    if (!this.#isOpen && !this.#away) this.#open();
    this.#join();
    return interest.watch;
  }

  #open(): void {
    this.#isOpen = true;
    this.#id = randomKey();
    const world = this.#world;
    this.#stopPage ??= world?.onPage?.(this.#leave, this.#return);
    globalThis.addEventListener?.("online", this.#hurry);
    try {
      this.#channel = world?.channel(this.#name, this.#hearChannel);
    } catch {
      this.#channel = undefined;
    }
    if (world === undefined || this.#channel === undefined) {
      this.#lead(true);
      return;
    }
    this.#silence = new Silence({
      // Says again what is wanted, for that may be what was lost.
      ask: () => this.#join(),
      seize: () => void this.#election?.seize(),
    });
    const election = new Election(world.locks, this.#name, {
      lead: (signal, alone) => {
        if (this.#election !== election) return;
        signal.addEventListener("abort", () => this.#resign(), { once: true });
        this.#lead(alone);
      },
      follow: () => {
        if (this.#election !== election) return;
        this.#silence?.listen();
        this.#join();
      },
      fail: () => {
        if (this.#election !== election) return;
        this.#channel?.close();
        this.#channel = undefined;
        this.#silence?.stop();
        if (this.#trunk === undefined) this.#lead(true);
      },
    });
    this.#election = election;
    void election.sign(this.#signOf(this.#id));
    void election.stand();
  }

  #lead(alone: boolean): void {
    this.#silence?.stop();
    this.#signs.clear();
    const trunk = new Trunk(randomKey(), this.#streams, this.#say, () => {
      if (this.#trunk === trunk) this.#close();
    });
    this.#trunk = trunk;
    const start = (): void => {
      if (this.#trunk === trunk) trunk.start();
    };
    // Behind what this very tab wants, which it says at the end of this turn.
    trunk.announce();
    if (alone) queueMicrotask(start);
    else setTimeout(start, GATHER);
  }

  /** Somebody else leads from now on. */
  #resign(): void {
    this.#trunk?.close();
    this.#trunk = undefined;
    this.#listenTo(undefined, 0);
    for (const interest of this.#interests.values()) interest.pend();
  }

  /** What the trunk says: to all others, and to this tab. */
  #say = (message: FromLeader): void => {
    // A busy stream is not copied for nobody.
    if (message.type !== "events" || this.#signs.size > 0) this.#channel?.post(message);
    this.#hearLeader(message);
  };

  #post(message: ToLeader): void {
    if (this.#trunk !== undefined) this.#hearTab(this.#trunk, message);
    else this.#channel?.post(message);
  }

  #hearChannel = (message: Message): void => {
    if (!this.#isOpen) return;
    if ("term" in message) {
      if (this.#trunk === undefined) this.#hearLeader(message);
    } else if (this.#trunk !== undefined) {
      this.#hearTab(this.#trunk, message);
    }
  };

  #hearTab(trunk: Trunk, message: ToLeader): void {
    switch (message.type) {
      case "join":
        trunk.join(message.from, message.wanted);
        if (message.from !== this.#id && !this.#signs.has(message.from)) {
          this.#signs.add(message.from);
          void this.#election?.onGone(this.#signOf(message.from), () => {
            this.#signs.delete(message.from);
            if (this.#trunk === trunk) trunk.leave(message.from);
          });
        }
        return;
      case "leave":
        trunk.leave(message.from);
        return;
      case "hurry":
        trunk.hurry();
    }
  }

  #hearLeader(message: FromLeader): void {
    const isMine = "to" in message && message.to === this.#id;
    if (message.type === "lead") {
      this.#listenTo(message.term, message.sent);
      this.#silence?.heard();
      this.#restart();
      return;
    }
    let missed = false;
    if (message.term === this.#term) {
      missed = message.sent !== this.#sent + 1;
      this.#sent = message.sent;
    } else if (isMine || (this.#term !== undefined && !this.#past.has(message.term))) {
      // Somebody leads whose announcement was not heard. Who listened to nobody has nothing to begin again.
      missed = this.#term !== undefined;
      this.#listenTo(message.term, message.sent);
    } else return;
    this.#silence?.heard();
    if (missed) this.#restart();
    else if (isMine || !("to" in message)) this.#take(message);
  }

  #listenTo(term: string | undefined, sent: number): void {
    if (this.#term !== undefined) this.#past.add(this.#term);
    if (term !== undefined) this.#past.delete(term);
    this.#term = term;
    this.#sent = sent;
  }

  #take(message: Exclude<FromLeader, { type: "lead" }>): void {
    switch (message.type) {
      case "events":
        for (const interest of this.#interests.values()) interest.take(message.events, message.position);
        return;
      case "covered":
        this.#interests.get(message.key)?.covered(message.position, message.tasks);
        return;
      case "refused":
        this.#interests.get(message.key)?.refuse(errorFromWire(message.error));
        return;
      case "reset":
        for (const interest of this.#interests.values()) interest.reset(message.event);
        return;
      case "welcome":
      case "state":
        for (const interest of this.#interests.values()) interest.tell(stateFromWire(message.state));
    }
  }

  /** Nothing heard so far goes on: everything is asked for behind what was reached. */
  #restart(): void {
    for (const interest of this.#interests.values()) interest.pend();
    this.#join();
  }

  /** Tells the leader at the end of this turn what is wanted, once however often it changed. */
  #join(): void {
    if (this.#joining) return;
    this.#joining = true;
    queueMicrotask(() => {
      this.#joining = false;
      if (!this.#isOpen) return;
      if (this.#interests.size === 0 && this.#trunk === undefined) {
        this.#close();
        return;
      }
      const wanted = [...this.#interests.values()].map((interest) => interest.wanted());
      this.#post({ type: "join", from: this.#id, wanted });
    });
  }

  /** The page is put away: whoever is left goes on without it. */
  #leave = (): void => {
    this.#away = true;
    if (this.#isOpen) this.#shut();
  };

  #return = (): void => {
    if (!this.#away) return;
    this.#away = false;
    if (this.#interests.size === 0) return;
    this.#open();
    this.#join();
  };

  #hurry = (): void => this.#post({ type: "hurry", from: this.#id });

  /** Nobody wants anything any more. */
  #close(): void {
    this.#shut();
    this.#stopPage?.();
    this.#stopPage = undefined;
    this.#onIdle();
  }

  #shut(): void {
    this.#isOpen = false;
    globalThis.removeEventListener?.("online", this.#hurry);
    if (this.#trunk === undefined) this.#channel?.post({ type: "leave", from: this.#id });
    const election = this.#election;
    this.#election = undefined;
    this.#resign();
    election?.retire();
    this.#silence?.stop();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #signOf(id: string): string {
    return `${this.#name} ${id}`;
  }
}
