import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";

import { beforeEach, describe, expect, test } from "vitest";

import { createMilepost, type Milepost, TaskStore, type TaskFilter, unwrap, type Watch } from "../../src/index.js";
import { Origin, type Page } from "../support/origin.js";
import { binary, eventually, leaseOne, RealServer, streamed, type Held } from "./real.js";

interface Journal {
  lines: string[];
  cursors: string[];
  store: TaskStore;
  snapshots: number;
}

/** Follows until the signal ends, and writes down what it gets. */
function journal(watch: Watch): Journal {
  const one: Journal = { lines: [], cursors: [], store: new TaskStore(), snapshots: 0 };
  void (async () => {
    for await (const event of watch) {
      one.store.apply(event);
      if (event.type === "stream.snapshot") one.snapshots += 1;
      if (event.type === "task.log") one.lines.push(...event.lines.map((line) => line.text));
      if (event.type.startsWith("task.") && "cursor" in event) one.cursors.push(String(event.cursor));
    }
  })();
  return one;
}

/** Says a line, again and again until it is acknowledged. */
async function say(milepost: Milepost, held: Held, sequence: number): Promise<void> {
  const body = { lease: held.lease, sequence, logs: [{ text: `line ${sequence}` }] };
  for (;;) {
    try {
      await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", { params: { path: held.path }, body }));
      return;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "MilepostNetworkError") throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe.skipIf(binary === undefined)("tabs on the real server", () => {
  let server: RealServer;
  let milepost: Milepost;

  beforeEach(async () => {
    server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("get every event once and in order, though tabs crash, messages are lost and the server is killed", async () => {
    const { id } = await milepost.submit("shared");
    const held = await leaseOne(milepost, "shared", 60);
    const origin = new Origin(server.url);
    const over = new AbortController();
    const options = { signal: over.signal };
    const filters: TaskFilter[] = [{ task: id }, { kind: "shared" }, {}, { state: "running" }, { task: id }, {}];
    const pages = filters.map(() => origin.page());
    const tabs = pages.map((page, index) => ({ page, journal: journal(page.tab.watch(filters[index] ?? {}, options)) }));
    await eventually(() => tabs, (all) => all.every(({ journal }) => journal.snapshots === 1));
    expect((await milepost.system()).open_streams).toBe(1);

    const gone = new Set<Page>();
    for (let i = 1; i <= 60; i += 1) {
      // The first two lead one after the other.
      if (i === 10 || i === 25) {
        const page = pages[gone.size];
        page?.crash();
        if (page !== undefined) gone.add(page);
      }
      // Not up to the end: a loss is noticed by what comes behind it, or only after a long silence.
      if (i % 7 === 0 && i <= 42) pages[4]?.loseOne();
      if (i === 40) {
        const saying = say(milepost, held, i);
        await server.end("SIGKILL");
        await server.start();
        await saying;
      } else {
        await say(milepost, held, i);
      }
    }
    const left = tabs.filter(({ page }) => !gone.has(page)).map((tab) => tab.journal);
    await eventually(() => left[0], (leader) => leader?.lines.length === 60);
    const init = { params: { path: held.path }, body: { lease: held.lease, output: 1 } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", init));
    const all = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`);
    await eventually(() => left, (some) => some.every(({ lines }) => lines.length >= 60));
    // In the order of `filters`, of which the first two are gone.
    const [whole, running, single] = left;
    await eventually(() => whole?.store.get(id)?.state, (state) => state === "succeeded");
    await eventually(() => running?.store.get(id), (task) => task === undefined);
    for (const { lines, cursors, snapshots } of left) {
      expect(lines).toEqual(all);
      expect(new Set(cursors).size).toBe(cursors.length);
      expect(snapshots).toBe(1);
    }
    await eventually(() => single?.store.get(id)?.state, (state) => state === "succeeded");
    expect(single?.store.get(id)).toEqual(streamed(await milepost.getTask(id)));
    await eventually(async () => (await milepost.system()).open_streams, (open) => open === 1);
    over.abort();
    await eventually(async () => (await milepost.system()).open_streams, (open) => open === 0);
  });

  test("join without another connection, and widen it without a word to those who were there", async () => {
    const mine = await milepost.submit("mine", 1, { labels: { owner: "me" } });
    const yours = await milepost.submit("yours", 1, { labels: { owner: "you" } });
    const client = server.client();
    const over = new AbortController();
    const states: string[] = [];
    const watch = client.follow({ labels: { owner: "me" } }, {
      signal: over.signal,
      onState: ({ status }) => states.push(status),
    });
    const first = journal(watch);
    await eventually(() => first.snapshots, (count) => count === 1);
    const second = journal(client.follow({ labels: { owner: "you" } }, { signal: over.signal }));
    const narrow = journal(client.follow({ kind: "mine", labels: { owner: "me" } }, { signal: over.signal }));
    await eventually(() => second.snapshots + narrow.snapshots, (count) => count === 2);
    expect(second.store.tasks.map((task) => task.id)).toEqual([yours.id]);
    expect(narrow.store.tasks.map((task) => task.id)).toEqual([mine.id]);
    await milepost.update(mine.id, { labels: { owner: "you" } });
    await eventually(() => second.store.tasks.length, (count) => count === 2);
    await eventually(() => first.store.tasks.length + narrow.store.tasks.length, (count) => count === 0);
    expect(first.snapshots).toBe(1);
    expect(states).toEqual(["connecting", "live"]);
    expect((await milepost.system()).open_streams).toBe(1);
    over.abort();
  });

  test("behind a proxy that holds streams back get the same by polling", async () => {
    const proxy = createServer((incoming, response) => {
      const { method, url, headers } = incoming;
      const onward = ask(`${server.url}${url}`, { method, headers: { ...headers, host: new URL(server.url).host } });
      incoming.pipe(onward);
      response.on("close", () => onward.destroy());
      onward.on("error", () => response.destroy());
      onward.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // All of a stream is kept until its end, which never comes.
        if (answer.headers["content-type"]?.startsWith("text/event-stream") === true) response.flushHeaders();
        else answer.pipe(response);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}`;
    const client = createMilepost({ baseUrl, longPoll: { after: 1_000, waitSeconds: 2 } });
    const { id } = await milepost.submit("proxied");
    const over = new AbortController();
    const many = journal(client.follow({ state: ["queued", "running"] }, { signal: over.signal }));
    const one = journal(client.watchTask(id));
    await eventually(() => many.snapshots + one.snapshots, (count) => count === 2);
    const held = await leaseOne(milepost, "proxied");
    for (let i = 1; i <= 20; i += 1) await say(milepost, held, i);
    const init = { params: { path: held.path }, body: { lease: held.lease, output: 1 } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", init));
    const all = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    await eventually(() => one.store.get(id)?.done, (done) => done === true);
    await eventually(() => many.store.get(id), (task) => task === undefined);
    expect(one.lines).toEqual(all);
    expect(many.lines).toEqual(all);
    expect(one.store.get(id)).toEqual(streamed(await milepost.getTask(id)));
    over.abort();
    proxy.closeAllConnections();
    proxy.close();
  });
});
