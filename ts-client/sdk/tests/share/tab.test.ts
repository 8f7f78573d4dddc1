import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { MilepostProblem, type StreamState, type TaskFilter, TaskStore, type Watch, type WatchedEvent } from "../../src/index.js";
import { LogServer } from "../support/logserver.js";
import { Origin, type Page } from "../support/origin.js";
import { until } from "../support/server.js";

/** Somebody who follows, and all that it got. */
interface Follower {
  watch: Watch;
  events: WatchedEvent[];
  states: StreamState["status"][];
  store: TaskStore;
  error?: unknown;
  stop(): void;
}

let server: LogServer;
let origin: Origin;
const followers: Follower[] = [];

beforeEach(async () => {
  server = await LogServer.start();
  origin = new Origin(server.server.url);
});
afterEach(() => {
  for (const follower of followers.splice(0)) follower.stop();
});

function follow(page: Page, filter: TaskFilter = {}, after?: string): Follower {
  const over = new AbortController();
  const states: Follower["states"] = [];
  const watch = page.tab.watch(filter, { after, signal: over.signal, onState: ({ status }) => states.push(status) });
  const store = new TaskStore({ keepLogs: 1000 });
  const follower: Follower = { watch, states, store, events: [], stop: () => over.abort() };
  followers.push(follower);
  void (async () => {
    try {
      for await (const event of follower.watch) {
        follower.events.push(event);
        follower.store.apply(event);
      }
    } catch (error) {
      follower.error = error;
    }
  })();
  return follower;
}

const texts = ({ events }: Follower): string[] =>
  events.flatMap((event) => (event.type === "task.log" ? event.lines.map((line) => line.text) : []));
const hasPicture = ({ events }: Follower): boolean => events.some((event) => event.type === "stream.snapshot");
const snapshots = ({ events }: Follower): number => events.filter((event) => event.type === "stream.snapshot").length;
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describe("tabs of one origin", () => {
  test("share one connection, and each gets what its own filter would bring", async () => {
    server.put("a", { queue: "left" });
    server.put("b", { queue: "right" });
    const [one, two, three] = [origin.page(), origin.page(), origin.page()];
    const left = follow(one, { queue: "left" });
    const right = follow(two, { queue: "right" });
    const single = follow(three, { task: "b" });
    await until(() => [left, right, single].every(hasPicture));
    server.say("a", "to the left");
    server.say("b", "to the right");
    server.put("a", { queue: "right" });
    await until(() => right.store.get("a") !== undefined && left.store.get("a") === undefined);
    expect(left.events.map((event) => event.type)).toEqual(["stream.snapshot", "task.log", "stream.left"]);
    expect(texts(right)).toEqual(["to the right"]);
    expect(texts(single)).toEqual(["to the right"]);
    expect(server.watchers.size).toBe(1);
  });

  test("open it again only for what it does not cover, behind the position, with only the new part fresh", async () => {
    server.put("a", { queue: "q" });
    server.put("b", { queue: "other" });
    const [one, two] = [origin.page(), origin.page()];
    const first = follow(one, { queue: "q" });
    await until(() => hasPicture(first));
    const late = follow(two, { queue: "q", state: "queued" });
    const single = follow(two, { queue: "q", task: "a" });
    await until(() => hasPicture(late) && hasPicture(single));
    expect(late.store.tasks.map((task) => task.id)).toEqual(["a"]);
    expect(server.opened).toHaveLength(1);
    expect(server.server.received).toHaveLength(1);

    const other = follow(two, { queue: "other" });
    await until(() => hasPicture(other));
    expect(server.opened[1]).toEqual({
      filters: [{ queue: "q" }, { queue: "other" }],
      after: server.end,
      fresh: [{ queue: "other" }],
    });
    expect([first, late, single].map(snapshots)).toEqual([1, 1, 1]);
    expect(first.states).toEqual(["connecting", "live"]);
    expect(server.watchers.size).toBe(1);
  });

  test("hear of one of the server's own tasks by its id, which the stream of all tasks leaves out", async () => {
    server.put("own", { queue: "milepost", state: "running" });
    const page = origin.page();
    const whole = follow(page);
    await until(() => hasPicture(whole));
    const single = follow(page, { task: "own" });
    await until(() => hasPicture(single));
    expect(single.store.get("own")?.state).toBe("running");
    expect(server.opened[1]).toEqual({ filters: [{}, { tasks: ["own"] }], after: server.end, fresh: [{ tasks: ["own"] }] });
    server.put("own", { state: "succeeded" });
    await until(() => single.store.get("own")?.state === "succeeded");
    expect(whole.store.tasks).toEqual([]);
    expect(server.watchers.size).toBe(1);
  });

  test("need no other stream for a single task that the stream of all has shown", async () => {
    server.put("a");
    const page = origin.page();
    const whole = follow(page);
    await until(() => hasPicture(whole));
    server.put("b");
    await until(() => whole.store.get("b") !== undefined);
    const both = [follow(page, { task: "a" }), follow(page, { task: ["a", "b"] })];
    await until(() => both.every(hasPicture));
    server.say("a", "heard");
    await until(() => both.every((one) => texts(one).length === 1));
    expect(server.opened).toHaveLength(1);
    expect(server.server.received).toHaveLength(1);
  });

  test("leave out what nobody wants any more the next time it is opened", async () => {
    const [one, two] = [origin.page(), origin.page()];
    const first = follow(one, { queue: "q" });
    await until(() => hasPicture(first));
    const second = follow(two, { queue: "other" });
    await until(() => hasPicture(second));
    second.stop();
    server.put("a", { queue: "q" });
    await until(() => first.store.get("a") !== undefined);
    expect(server.opened).toHaveLength(2);
    server.cut();
    await until(() => server.opened.length === 3);
    expect(server.opened[2]).toEqual({ filters: [{ queue: "q" }], after: server.end });
  });

  test("close it when nobody is left", async () => {
    const [one, two] = [origin.page(), origin.page()];
    const [first, second] = [follow(one), follow(two)];
    await until(() => hasPicture(first) && hasPicture(second));
    first.stop();
    server.put("a");
    await until(() => second.store.get("a") !== undefined);
    expect(server.opened).toHaveLength(1);
    second.stop();
    await until(() => server.watchers.size === 0);
  });

  test.each(["crash", "putAway"] as const)("go on without a gap or a double when the leader is gone (%s)", async (way) => {
    server.put("a");
    const pages = [origin.page(), origin.page(), origin.page()];
    const all = pages.map((page) => follow(page, { task: "a" }));
    const left = all.slice(1);
    await until(() => all.every(hasPicture));
    for (const text of numbers(1, 20)) server.say("a", text);
    pages[0]?.[way]();
    for (const text of numbers(21, 40)) server.say("a", text);
    await until(() => left.every((one) => texts(one).length >= 40));
    expect(left.map(texts)).toEqual(left.map(() => numbers(1, 40)));
    expect(left.map(snapshots)).toEqual([1, 1]);
    expect(server.watchers.size).toBe(1);
  });

  test("one that is brought back has missed nothing", async () => {
    server.put("a");
    const page = origin.page();
    const [away, other] = [follow(page, { task: "a" }), follow(origin.page(), { task: "a" })];
    await until(() => hasPicture(away) && hasPicture(other));
    server.say("a", "1");
    await until(() => texts(away).length === 1);
    page.putAway();
    server.say("a", "2");
    await until(() => texts(other).length === 2);
    page.bringBack();
    await until(() => texts(away).length >= 2);
    server.say("a", "3");
    await until(() => texts(away).length >= 3);
    expect(texts(away)).toEqual(["1", "2", "3"]);
    expect(server.watchers.size).toBe(1);
  });

  test("one that lost a message asks for it, and misses nothing", async () => {
    server.put("a");
    const [one, two] = [origin.page(), origin.page()];
    const [leader, other] = [follow(one, { task: "a" }), follow(two, { task: "a" })];
    await until(() => hasPicture(leader) && hasPicture(other));
    two.loseOne();
    server.say("a", "1");
    await until(() => texts(leader).length === 1);
    server.say("a", "2");
    await until(() => texts(other).length >= 2);
    server.say("a", "3");
    await until(() => texts(other).length >= 3);
    expect(texts(other)).toEqual(["1", "2", "3"]);
    expect(snapshots(other)).toBe(1);
  });

  // One that hears nothing at all of a new leader asks when it was silent for too long.
  test.each([1, 2, 3])("one that lost the first %i messages of a new leader misses nothing", async (count) => {
    server.put("a");
    const [one, two, three] = [origin.page(), origin.page(), origin.page()];
    const all = [one, two, three].map((page) => follow(page, { task: "a" }));
    const [, leader, other] = all;
    await until(() => all.every(hasPicture));
    // The first is its announcement.
    for (let i = 0; i < count; i += 1) three.loseOne();
    one.crash();
    server.say("a", "1");
    await until(() => leader !== undefined && texts(leader).length === 1);
    for (const text of numbers(2, 6)) {
      server.say("a", text);
      await until(() => leader !== undefined && texts(leader).includes(text));
    }
    await until(() => other !== undefined && texts(other).length >= 6);
    expect(other && texts(other)).toEqual(numbers(1, 6));
    expect(other && snapshots(other)).toBe(1);
  });

  // It hears of nobody, so it asks again soon.
  test.each([1, 2, 3])("one that lost the first %i messages to it is told again", async (count) => {
    server.put("a");
    const leader = follow(origin.page());
    await until(() => hasPicture(leader));
    const late = origin.page();
    for (let i = 0; i < count; i += 1) late.loseOne();
    const follower = follow(late, { task: "a" });
    await until(() => hasPicture(follower));
    server.say("a", "1");
    await until(() => texts(follower).length === 1);
    expect(snapshots(follower)).toBe(1);
    expect(server.watchers.size).toBe(1);
  });

  test("close the connection, though the garbage was collected meanwhile", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const follower = follow(origin.page());
    await until(() => hasPicture(follower));
    for (let i = 0; i < 5; i += 1) {
      collect();
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    expect(server.watchers.size).toBe(1);
    follower.stop();
    await until(() => server.watchers.size === 0);
    expect(server.watchers.size).toBe(0);
  });

  test("one that crashed is not listened for any longer", async () => {
    const [one, two] = [origin.page(), origin.page()];
    const first = follow(one, { queue: "q" });
    await until(() => hasPicture(first));
    const second = follow(two, { queue: "other" });
    await until(() => hasPicture(second));
    two.crash();
    first.stop();
    // Nobody told the leader; that the crashed tab's lock is free did.
    await until(() => server.watchers.size === 0);
    expect(server.opened).toHaveLength(2);
  });

  test("the one refused something is told, and the others go on", async () => {
    server.put("a", { queue: "q" });
    server.forbidden.add("secret");
    const [one, two] = [origin.page(), origin.page()];
    const first = follow(one, { queue: "q" });
    await until(() => hasPicture(first));
    const refused = follow(two, { queue: "secret" });
    const fine = follow(two, { queue: "fine" });
    await until(() => refused.error !== undefined && hasPicture(fine));
    expect(refused.error).toBeInstanceOf(MilepostProblem);
    expect(refused.error).toMatchObject({ status: 403, slug: "forbidden-name" });
    server.say("a", "1");
    await until(() => texts(first).length === 1);
    expect(first.states).not.toContain("reconnecting");
  });

  test("all hear that the connection is lost, and that it is back, without a gap", async () => {
    server.put("a");
    const both = [follow(origin.page(), { task: "a" }), follow(origin.page(), { task: "a" })];
    await until(() => both.every(hasPicture));
    server.cut();
    server.say("a", "1");
    await until(() => both.every((one) => texts(one).length === 1));
    for (const one of both) expect(one.states).toEqual(["connecting", "live", "reconnecting", "live"]);
  });

  test("begin anew when the server is another one", async () => {
    server.put("a");
    const both = [follow(origin.page()), follow(origin.page())];
    await until(() => both.every(hasPicture));
    server.epoch = "ffffffff";
    server.tasks.clear();
    server.put("b");
    server.cut();
    await until(() => both.every((one) => snapshots(one) === 2));
    for (const one of both) {
      expect(one.events.some((event) => event.type === "stream.reset")).toBe(true);
      expect(one.store.tasks.map((task) => task.id)).toEqual(["b"]);
    }
    expect(server.watchers.size).toBe(1);
  });

  test("one that begins behind a cursor gets all after it, and no snapshot", async () => {
    server.put("a");
    const leader = follow(origin.page(), { queue: "q" });
    await until(() => hasPicture(leader));
    const after = server.end;
    server.say("a", "1");
    const whole = follow(origin.page(), {}, after);
    await until(() => texts(whole).length === 1);
    server.say("a", "2");
    await until(() => texts(whole).length === 2);
    expect(whole.events.map((event) => event.type)).toEqual(["task.log", "task.log"]);
    expect(whole.watch.cursor).toBe(server.end);
  });

  test("one that finds a leader who never speaks takes its place", { timeout: 60_000 }, async () => {
    const mute = origin.page();
    const silent = follow(mute);
    await until(() => hasPicture(silent));
    const late = origin.page();
    // Everything the leader says is lost on the way.
    for (let i = 0; i < 1000; i += 1) late.loseOne();
    const alone = follow(late);
    await until(() => hasPicture(alone));
    await until(() => server.watchers.size === 1);
    expect(server.opened).toHaveLength(2);
  });
});

describe("a page by itself", () => {
  test.each(["locks", "channel"] as const)("has its own connection where there are no %s", async (broken) => {
    server.put("a");
    const both = [follow(origin.page({ broken })), follow(origin.page({ broken }))];
    await until(() => both.every(hasPicture));
    expect(server.watchers.size).toBe(2);
  });

  test("follows more single tasks than the server takes on one connection", { timeout: 60_000 }, async () => {
    const ids = Array.from({ length: 520 }, (_, index) => `t${index}`);
    for (const id of ids) server.put(id);
    server.put("t518", { queue: "milepost" });
    const page = origin.page();
    const all = ids.map((id) => follow(page, { task: id }));
    await until(() => all.every(hasPicture));
    server.say("t518", "heard");
    server.say("t519", "heard");
    await until(() => all.slice(518).every((one) => texts(one).length === 1));
    expect(server.watchers.size).toBe(1);
    expect(server.opened.every(({ filters }) => JSON.stringify(filters) === '[{},{"queue":"milepost"}]')).toBe(true);
  });
});
