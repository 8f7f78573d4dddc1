import { describe, expect, test } from "vitest";

import {
  createMilepost,
  MilepostNetworkError,
  MilepostProblem,
  unwrap,
  type Milepost,
} from "../src/index.js";
import { taskOf } from "./support/events.js";
import { json, problem, serve, status, until, type Answer, type ScriptedServer } from "./support/server.js";

async function clientOf(...answers: Answer[]): Promise<{ server: ScriptedServer; milepost: Milepost }> {
  const server = await serve((index) => answers[index] ?? problem(410, "too-often"));
  return { server, milepost: createMilepost({ baseUrl: server.url }) };
}

const queued = taskOf("a", 1);
const done = taskOf("a", 9, { state: "succeeded", output: 7 });

describe("submitting", () => {
  test("sends the contract's fields as they are, with a key of its own", async () => {
    const { server, milepost } = await clientOf(json(202, queued));
    const task = await milepost.submit("resize", { file: "x" }, { queue: "images", labels: { a: "b" }, max_attempts: 5 });
    expect(task).toEqual(queued);
    const [request] = server.received;
    expect(request).toMatchObject({ method: "POST", path: "/api/v1/tasks" });
    expect(JSON.parse(request?.body ?? "")).toEqual({
      kind: "resize",
      input: { file: "x" },
      queue: "images",
      labels: { a: "b" },
      max_attempts: 5,
    });
    expect(request?.headers["idempotency-key"]).toMatch(/^[0-9a-f]{32}$/);
    expect(request?.headers["prefer"]).toBeUndefined();
  });

  test("is repeated with the same key when the answer is lost or asks for it", async () => {
    const { server, milepost } = await clientOf(
      (response) => response.destroy(),
      problem(503, "overloaded"),
      json(202, queued),
    );
    await milepost.submit("resize");
    const keys = new Set(server.received.map((request) => request.headers["idempotency-key"]));
    expect(server.received).toHaveLength(3);
    expect(keys.size).toBe(1);
  });

  test("with an id puts", async () => {
    const { server, milepost } = await clientOf(json(202, queued));
    await milepost.submit("resize", undefined, { id: "a/b" });
    expect(server.received[0]).toMatchObject({ method: "PUT", path: "/api/v1/tasks/a%2Fb", body: '{"kind":"resize"}' });
  });

  test("waits as long as it is told to, under the key it is given", async () => {
    const { server, milepost } = await clientOf(json(200, done));
    expect(await milepost.submit("x", null, { waitSeconds: 5, idempotencyKey: "k" })).toEqual(done);
    expect(server.received[0]?.headers).toMatchObject({ prefer: "wait=5", "idempotency-key": "k" });
    expect(JSON.parse(server.received[0]?.body ?? "")).toEqual({ kind: "x", input: null });
  });
});

describe("what goes wrong", () => {
  test("a refusal is thrown as the problem that was sent, and not repeated", async () => {
    const body = {
      type: "/problems/invalid-request",
      title: "Invalid request",
      status: 400,
      detail: "the request has a field wrong",
      errors: [{ field: "priority", message: "must be from -100 to 100" }],
    };
    const { server, milepost } = await clientOf(json(400, body, { "content-type": "application/problem+json" }));
    const error = await milepost.submit("x", 1, { priority: 1000 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MilepostProblem);
    expect(error).toMatchObject({ ...body, slug: "invalid-request", message: body.detail, isRetryable: false });
    expect(server.received).toHaveLength(1);
  });

  test("a proxy's page is a problem with its status", async () => {
    const page = status(502, "<h1>Bad Gateway</h1>");
    const { server, milepost } = await clientOf(page, page, page);
    const error = await milepost.getTask("a").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MilepostProblem);
    expect(error).toMatchObject({ type: "about:blank", status: 502, title: "Bad Gateway", isRetryable: true });
    expect(server.received).toHaveLength(3);
  });

  test("no answer is a network error with its cause", async () => {
    const { server, milepost } = await clientOf();
    await server.close();
    const error = await milepost.getTask("a").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MilepostNetworkError);
    expect(error).toMatchObject({ message: expect.stringContaining(server.url), cause: expect.any(Error) });
  });

  test("an answer that is cut off or no JSON is a network error too", async () => {
    const { milepost } = await clientOf(
      (response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{", () => response.destroy());
      },
      status(200, "<html>"),
      status(200, "<html>"),
    );
    await expect(milepost.getTask("a")).rejects.toBeInstanceOf(MilepostNetworkError);
  });

  test("a wait that the server asks for is kept", async () => {
    const { server, milepost } = await clientOf(problem(503, "overloaded", { "retry-after": "1" }), json(200, queued));
    const started = performance.now();
    await milepost.getTask("a");
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(server.received).toHaveLength(2);
  });

  test("an abort throws the signal's reason", async () => {
    const { server, milepost } = await clientOf(() => {});
    const abort = new AbortController();
    const call = milepost.getTask("a", { signal: abort.signal });
    await until(() => server.received.length === 1);
    abort.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    const init = { params: { path: { id: "a" } }, signal: AbortSignal.abort(new Error("not even begun")) };
    await expect(milepost.api.GET("/api/v1/tasks/{id}", init)).rejects.toThrow("not even begun");
  });

  test("changing and deleting are not repeated", async () => {
    const { server, milepost } = await clientOf(problem(503, "overloaded"), problem(503, "overloaded"));
    await expect(milepost.delete("a")).rejects.toMatchObject({ status: 503 });
    await expect(milepost.update("a", { priority: 1 }, { ifMatch: '"7"' })).rejects.toMatchObject({ status: 503 });
    expect(server.received.map((request) => request.method)).toEqual(["DELETE", "PATCH"]);
    expect(server.received[1]?.headers["if-match"]).toBe('"7"');
  });
});

describe("insisting on a state", () => {
  const insists = { ifMatch: '"7"' };

  test("every change says what it insists on", async () => {
    const { server, milepost } = await clientOf(...Array<Answer>(15).fill(json(200, {})));
    const cron = { cron: "0 3 * * *", task: { kind: "k" } };
    await milepost.update("a", { priority: 1 }, insists);
    await milepost.cancel("a", insists);
    await milepost.retry("a", insists);
    await milepost.delete("a", insists);
    await milepost.queues.put("q", {}, insists);
    await milepost.queues.pause("q", insists);
    await milepost.kinds.put("k", {}, insists);
    await milepost.kinds.delete("k", insists);
    await milepost.schedules.put("s", cron, insists);
    await milepost.schedules.update("s", { paused: true }, insists);
    await milepost.schedules.delete("s", insists);
    await milepost.schedules.run("s", insists);
    await milepost.webhooks.update("w", { enabled: true }, insists);
    await milepost.webhooks.rotateSecret("w", insists);
    await milepost.webhooks.test("w", insists);
    expect(server.received.map((request) => request.headers["if-match"])).toEqual(Array(15).fill('"7"'));
    expect(server.received.every((request) => !("if-none-match" in request.headers))).toBe(true);
  });

  test("without it nothing is said", async () => {
    const { server, milepost } = await clientOf(json(200, queued));
    await milepost.cancel("a");
    expect(server.received[0]?.headers).not.toHaveProperty("if-match");
  });

  test("a put that insists is not repeated, because its own change would refuse it", async () => {
    const lost: Answer = (response) => response.destroy();
    const { server, milepost } = await clientOf(lost, lost, json(200, {}));
    const first = milepost.queues.put("q", {}, { ifNoneMatch: "*" });
    await expect(first).rejects.toBeInstanceOf(MilepostNetworkError);
    await milepost.queues.put("q", {});
    expect(server.received.map((request) => request.headers["if-none-match"])).toEqual(["*", undefined, undefined]);
  });

  test("a cancel that insists is repeated under its key", async () => {
    const { server, milepost } = await clientOf((response) => response.destroy(), json(202, queued));
    await milepost.cancel("a", insists);
    expect(new Set(server.received.map((request) => request.headers["idempotency-key"])).size).toBe(1);
  });

  test("a refusal has the tag of what is there", async () => {
    const { milepost } = await clientOf(problem(412, "precondition-failed", { etag: '"8"' }));
    await expect(milepost.cancel("a", insists)).rejects.toMatchObject({ status: 412, etag: '"8"' });
  });
});

describe("waiting for a task", () => {
  test("asks until it is done, through anything that may pass", async () => {
    const { server, milepost } = await clientOf(
      json(200, queued),
      (response) => response.destroy(),
      problem(503, "shutting-down"),
      json(200, done),
    );
    expect(await milepost.wait("a")).toEqual(done);
    expect(server.received.map((request) => request.headers["prefer"])).toEqual(Array(4).fill("wait=30"));
  });

  test("ends when the server refuses", async () => {
    const { milepost } = await clientOf(json(200, queued), problem(404, "task-not-found"));
    await expect(milepost.wait("a")).rejects.toMatchObject({ slug: "task-not-found" });
  });

  test("ends with its signal, also between two tries", async () => {
    const { server, milepost } = await clientOf((response) => response.destroy());
    const abort = new AbortController();
    const waiting = milepost.wait("a", { signal: abort.signal });
    await until(() => server.received.length === 1);
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await expect(waiting).rejects.toThrow("enough");
  });
});

describe("the rest", () => {
  test("lists by the errors tasks ended with", async () => {
    const page = json(200, { items: [] });
    const { server, milepost } = await clientOf(page, page);
    await milepost.listTasks({ error_type: "timeout" });
    await milepost.listTasks({ error_type: ["timeout", "out of disk"] });
    const asked = server.received.map((request) => request.query.toString());
    expect(asked).toEqual(["error_type=timeout", "error_type=timeout&error_type=out+of+disk"]);
  });

  test("lists page after page", async () => {
    const { server, milepost } = await clientOf(
      json(200, { items: [taskOf("c", 3)], next_page: "p2" }),
      json(200, { items: [], next_page: "p3" }),
      json(200, { items: [taskOf("b", 2), taskOf("a", 1)] }),
    );
    const ids: string[] = [];
    for await (const task of milepost.tasks({ state: ["running", "queued"], labels: { a: "b" }, limit: 2 })) ids.push(task.id);
    expect(ids).toEqual(["c", "b", "a"]);
    expect(server.received.map((request) => request.query.get("page"))).toEqual([null, "p2", "p3"]);
    expect(server.received[2]?.query.toString()).toBe("state=queued&state=running&label=a%3Db&limit=2&page=p3");
  });

  test("cancel, retry, delete, logs, history and system ask the right operation", async () => {
    const { server, milepost } = await clientOf(
      json(202, queued),
      json(202, queued),
      status(204),
      json(200, { lines: [{ at: "", level: "info", text: "x" }] }),
      json(200, { items: [], cursor: "e.1" }),
      json(200, { version: "0.1.0" }),
    );
    await milepost.cancel("a");
    await milepost.retry("a");
    await milepost.delete("a");
    expect(await milepost.logs("a", { tail: 5 })).toHaveLength(1);
    expect(await milepost.history("a", { after: "e.0", limit: 3, waitSeconds: 9 })).toEqual({ items: [], cursor: "e.1" });
    expect(await milepost.system()).toEqual({ version: "0.1.0" });
    expect(server.received.map(({ method, path, query }) => `${method} ${path}?${query}`)).toEqual([
      "POST /api/v1/tasks/a/cancel?",
      "POST /api/v1/tasks/a/retry?",
      "DELETE /api/v1/tasks/a?",
      "GET /api/v1/tasks/a/logs?tail=5",
      "GET /api/v1/tasks/a/history?after=e.0&limit=3",
      "GET /api/v1/system?",
    ]);
    expect(server.received[4]?.headers["prefer"]).toBe("wait=9");
  });

  test("all lines of a log come page after page", async () => {
    const line = (text: string): object => ({ at: "", level: "info", text });
    const { server, milepost } = await clientOf(
      json(200, { lines: [line("a"), line("b")], next: "e.4.2" }),
      json(200, { lines: [line("c")] }),
    );
    const texts: string[] = [];
    for await (const { text } of milepost.allLogs("a")) texts.push(text);
    expect(texts).toEqual(["a", "b", "c"]);
    expect(server.received.map(({ query }) => query.toString())).toEqual([
      "from=start&limit=1000",
      "after=e.4.2&limit=1000",
    ]);
  });

  test("the typed API gives results, and unwrap makes data or a thrown problem of them", async () => {
    const { milepost } = await clientOf(problem(404, "task-not-found"), problem(404, "task-not-found"), json(200, queued));
    const init = { params: { path: { id: "a" } } };
    const { error, response } = await milepost.api.GET("/api/v1/tasks/{id}", init);
    expect([error?.status, response.status]).toEqual([404, 404]);
    await expect(unwrap(milepost.api.GET("/api/v1/tasks/{id}", init))).rejects.toBeInstanceOf(MilepostProblem);
    const task = await unwrap(milepost.api.GET("/api/v1/tasks/{id}", init));
    expect(task.state).toBe("queued");
  });

  test("headers go with every request, asked for each time", async () => {
    const server = await serve(() => json(200, queued));
    let count = 0;
    const milepost = createMilepost({
      baseUrl: server.url,
      headers: async () => ({ authorization: `Bearer ${(count += 1)}` }),
    });
    await milepost.getTask("a");
    await milepost.api.GET("/api/v1/tasks/{id}", { params: { path: { id: "a" } } });
    expect(server.received.map((request) => request.headers["authorization"])).toEqual(["Bearer 1", "Bearer 2"]);
  });
});
