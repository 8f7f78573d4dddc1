import { describe, expect, test } from "vitest";

import { createMilepost } from "../../src/index.js";
import { shareName } from "../../src/share/follow.js";
import { LogServer } from "../support/logserver.js";
import { until } from "../support/server.js";

describe("who shares a connection", () => {
  const url = "http://server";

  test("are clients of one server that say nothing else", () => {
    expect(shareName(url, {})).toBe(shareName(url, { baseUrl: url }));
    expect(shareName(url, {})).not.toBe(shareName("http://other", {}));
  });

  test("are not clients that may be signed in as somebody else, unless they say who", () => {
    const headers = { authorization: "Bearer x" };
    expect(shareName(url, { headers })).toBeUndefined();
    expect(shareName(url, { fetch: (request) => fetch(request) })).toBeUndefined();
    expect(shareName(url, { headers, share: "ada" })).toBe(shareName(url, { share: "ada" }));
    expect(shareName(url, { headers, share: "ada" })).not.toBe(shareName(url, { headers, share: "bob" }));
  });

  test("is nobody who does not want to", () => {
    expect(shareName(url, { share: false })).toBeUndefined();
  });

  test("holds for two clients of one page, too", async () => {
    const server = await LogServer.start();
    const over = new AbortController();
    const options = { baseUrl: server.server.url };
    const all = [createMilepost(options), createMilepost(options), createMilepost({ ...options, share: false })];
    const watches = all.map((client) => client.follow({}, { signal: over.signal }));
    for (const watch of watches) expect((await watch.next()).value?.type).toBe("stream.snapshot");
    expect(server.watchers.size).toBe(2);
    over.abort();
    await until(() => server.watchers.size === 0);
    expect((await watches[0]?.next())?.done).toBe(true);
  });
});
