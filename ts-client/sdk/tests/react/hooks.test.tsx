// @vitest-environment jsdom

import { act, cleanup, configure, render, renderHook, screen, waitFor } from "@testing-library/react";
import { StrictMode, useState, type ReactElement, type ReactNode } from "react";
import { afterEach, describe, expect, test, vi } from "vitest";

import { createMilepost, MilepostNetworkError, MilepostProblem, type Milepost } from "../../src/index.js";
import { MilepostProvider, TaskProgress, useSubmit, useTask, useTasks } from "../../src/react/index.js";
import { frame, logEvent, progressEvent, snapshot, taskEvent, taskOf } from "../support/events.js";
import { json, problem, serve, stream, until, type Answer, type Received } from "../support/server.js";

// A loaded machine takes its time; what never comes fails by the test's own limit.
configure({ asyncUtilTimeout: 20_000 });
afterEach(cleanup);

const first = frame(snapshot([taskOf("a", 1, { state: "running" })], { position: 1 }));
const succeeded = frame(taskEvent("task.succeeded", taskOf("a", 9, { state: "succeeded" })));
const nothing = frame(snapshot([], { position: 1 }));
const step = (position: number): string => frame(progressEvent("a", position, position * 10));

const isStream = (request: Received): boolean => request.path === "/api/v1/event-streams";

/** Answers streams with the n-th of these, the last for ever, and listTaskLogs with `lines`. */
async function start(streams: Answer[], options: { lines?: unknown[]; submit?: Answer } = {}) {
  const counts = { streams: 0 };
  const server = await serve((_, request: Received) => {
    if (request.path.endsWith("/logs")) return json(200, { lines: options.lines ?? [] });
    if (request.method === "GET") return problem(404, "task-not-found");
    if (!isStream(request)) return options.submit ?? problem(500, "unexpected");
    counts.streams += 1;
    return streams[Math.min(counts.streams, streams.length) - 1] ?? problem(500, "unexpected");
  });
  const client = createMilepost({ baseUrl: server.url, retries: 0 });
  return { server, client, counts };
}

const strict = (client: Milepost) =>
  function Wrapper({ children }: { children: ReactNode }): ReactElement {
    return (
      <StrictMode>
        <MilepostProvider client={client}>{children}</MilepostProvider>
      </StrictMode>
    );
  };

describe("useTask", () => {
  test("shows a task from its snapshot to its end, with one connection under StrictMode", async () => {
    const { server, client, counts } = await start([stream([first, step(2), step(3), succeeded], "stay")]);
    const { result } = renderHook(() => useTask("a"), { wrapper: strict(client) });
    expect(result.current).toMatchObject({ task: undefined, status: "connecting", error: undefined });
    await waitFor(() => expect(result.current.status).toBe("ended"));
    expect(result.current.task?.state).toBe("succeeded");
    expect(counts.streams).toBe(1);
    await until(() => server.open() === 0);
  });

  test("closes its connection when it is unmounted", async () => {
    const { server, client } = await start([stream([first], "stay")]);
    const { result, unmount } = renderHook(() => useTask("a"), { wrapper: strict(client) });
    await waitFor(() => expect(result.current.status).toBe("live"));
    await waitFor(() => expect(result.current.task?.state).toBe("running"));
    expect(server.open()).toBe(1);
    unmount();
    await until(() => server.open() === 0);
  });

  test("closes the old and opens the new when the id changes", async () => {
    const other = frame(snapshot([taskOf("b", 5)], { position: 5 }));
    const { server, client } = await start([stream([first], "stay"), stream([other], "stay")]);
    const { result, rerender } = renderHook(({ id }) => useTask(id), {
      wrapper: strict(client),
      initialProps: { id: "a" },
    });
    await waitFor(() => expect(result.current.task?.id).toBe("a"));
    rerender({ id: "b" });
    expect(result.current.task).toBeUndefined();
    await waitFor(() => expect(result.current.task?.id).toBe("b"));
    await until(() => server.open() === 1);
  });

  test("two of the same task share a connection, which outlives the first to go", async () => {
    const { server, client, counts } = await start([stream([first], "stay")]);
    function Both(): ReactElement {
      const [both, setBoth] = useState(true);
      return (
        <>
          <TaskProgress taskId="a" label="one" />
          {both && <TaskProgress taskId="a" label="two" />}
          <button type="button" onClick={() => setBoth(false)}>
            less
          </button>
        </>
      );
    }
    render(<Both />, { wrapper: strict(client) });
    await waitFor(() => expect(screen.getAllByText("running")).toHaveLength(2));
    act(() => screen.getByRole("button").click());
    expect(screen.getAllByRole("progressbar")).toHaveLength(1);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    expect([server.open(), counts.streams]).toEqual([1, 1]);
  });

  test("says that it reconnects, and goes on without a gap", async () => {
    const { server, client } = await start([
      stream([first, step(2)], "kill"),
      stream([step(3)], "stay"),
    ]);
    const statuses = new Set<string>();
    const { result } = renderHook(
      () => {
        const live = useTask("a");
        statuses.add(live.status);
        return live;
      },
      { wrapper: strict(client) },
    );
    await waitFor(() => expect(result.current.task?.progress?.percent).toBe(30));
    expect(result.current).toMatchObject({ status: "live", error: undefined });
    expect([...statuses]).toEqual(["connecting", "live", "reconnecting"]);
    expect(server.received.filter(isStream).map((request) => JSON.parse(request.body))).toEqual([
      { filters: [{ tasks: ["a"] }] },
      { filters: [{ tasks: ["a"] }], after: "0000e90c.2" },
    ]);
  });

  test("shows why the connection is lost while it tries", async () => {
    const { server, client } = await start([stream([first], "kill"), (response) => response.destroy()]);
    const { result } = renderHook(() => useTask("a"), { wrapper: strict(client) });
    await waitFor(() => expect(result.current.error).toBeInstanceOf(MilepostNetworkError));
    expect(result.current).toMatchObject({ status: "reconnecting", task: { id: "a" } });
    expect(server.received.length).toBeGreaterThan(0);
  });

  test("shows the problem of a task that is not there, and can be asked again", async () => {
    const { client } = await start([stream([nothing], "stay"), stream([first], "stay")]);
    const { result } = renderHook(() => useTask("a"), { wrapper: strict(client) });
    await waitFor(() => expect(result.current.status).toBe("error"));
    expect(result.current.error).toBeInstanceOf(MilepostProblem);
    expect(result.current.error).toMatchObject({ status: 404, slug: "task-not-found" });
    act(() => result.current.restart());
    await waitFor(() => expect(result.current).toMatchObject({ status: "live", error: undefined, task: { id: "a" } }));
  });

  test("watches on behind the end after a restart", async () => {
    const queued = frame(snapshot([taskOf("a", 12)], { position: 12 }));
    const { client } = await start([stream([first, succeeded], "stay"), stream([queued], "stay")]);
    const { result } = renderHook(() => useTask("a"), { wrapper: strict(client) });
    await waitFor(() => expect(result.current.status).toBe("ended"));
    act(() => result.current.restart());
    await waitFor(() => expect(result.current.task?.state).toBe("queued"));
    expect(result.current.status).toBe("live");
  });

  test("joins the log lines before the stream with those in it", async () => {
    const lines = ["1", "2"].map((text) => ({ at: "2026-01-01T00:00:00.000Z", level: "info", text }));
    const { client } = await start([stream([first, frame(logEvent("a", 2, "3", "4"))], "stay")], { lines });
    const { result } = renderHook(() => useTask("a"), { wrapper: strict(client) });
    await waitFor(() => expect(result.current.logs.map((line) => line.text)).toEqual(["1", "2", "3", "4"]));
  });

  test("reads the log again after a reset, which may have hidden lines", async () => {
    const reset = frame({ type: "stream.reset", reason: "trimmed" } as never);
    const again = frame(snapshot([taskOf("a", 50, { state: "running" })], { position: 50 }));
    const lines = ["new"].map((text) => ({ at: "2026-01-01T00:00:00.000Z", level: "info", text }));
    // The second connection waits until the first was looked at.
    let look = (): void => {};
    const looked = new Promise<void>((resolve) => {
      look = resolve;
    });
    const late: Answer = async (response, request) => {
      await looked;
      await stream([reset], "stay")(response, request);
    };
    const before = stream([first, frame(logEvent("a", 2, "old"))], "kill");
    const { client } = await start([before, late, stream([again], "stay")], { lines });
    const { result } = renderHook(() => useTask("a"), { wrapper: strict(client) });
    await waitFor(() => expect(result.current.logs.map((line) => line.text)).toEqual(["new", "old"]));
    look();
    await waitFor(() => expect(result.current.task?.cursor).toBe("0000e90c.50"));
    await waitFor(() => expect(result.current.logs.map((line) => line.text)).toEqual(["new"]));
  });

  test("waits without a connection while there is no id", async () => {
    const { client, counts } = await start([stream([first], "stay")]);
    const { result, rerender } = renderHook(({ id }: { id: string | null }) => useTask(id), {
      wrapper: strict(client),
      initialProps: { id: null } as { id: string | null },
    });
    expect(result.current).toMatchObject({ task: undefined, logs: [], status: "connecting" });
    expect(counts.streams).toBe(0);
    rerender({ id: "a" });
    await waitFor(() => expect(result.current.task?.id).toBe("a"));
  });

  test("needs a provider, and says so", () => {
    const silence = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(() => renderHook(() => useTask("a"))).toThrow("<MilepostProvider");
    silence.mockRestore();
  });
});

describe("useTasks", () => {
  const many = frame(snapshot([taskOf("a", 1), taskOf("b", 2)], { position: 2 }));

  test("shows all that match, live, newest first", async () => {
    const later = taskOf("c", 3, { created_at: "2026-01-02T00:00:00.000Z" });
    const { client } = await start([
      stream([many, frame(taskEvent("task.queued", later)), frame({ type: "stream.left", task_id: "a", cursor: "0000e90c.4" } as never)], "stay"),
    ]);
    const { result } = renderHook(() => useTasks({ queue: "default" }), { wrapper: strict(client) });
    expect(result.current.complete).toBe(false);
    await waitFor(() => expect(result.current.tasks.map((task) => task.id)).toEqual(["c", "b"]));
    expect(result.current.complete).toBe(true);
    expect(result.current.byId.get("b")?.cursor).toBe("0000e90c.2");
  });

  test("all share one connection, whatever their filters", async () => {
    const { server, client, counts } = await start([stream([many], "stay")]);
    const { result, unmount } = renderHook(
      () => [
        useTasks({ state: ["running", "queued"] }),
        useTasks({ state: ["queued", "running"] }),
        useTasks({ state: "queued" }),
        useTasks(null),
      ],
      { wrapper: strict(client) },
    );
    await waitFor(() => expect(result.current.map((live) => live.complete)).toEqual([true, true, true, false]));
    expect(counts.streams).toBe(1);
    unmount();
    await until(() => server.open() === 0);
  });

  test("a page that mounts and unmounts a hundred times leaves no connection", async () => {
    const { server, client } = await start([stream([many], "stay")]);
    for (let i = 0; i < 100; i += 1) {
      const { unmount } = renderHook(() => useTasks(), { wrapper: strict(client) });
      const looks = i % 10 === 0;
      if (looks) await until(() => server.open() > 0);
      unmount();
      if (looks) await until(() => server.open() === 0);
    }
    await until(() => server.open() === 0);
    expect(server.received.length).toBeGreaterThanOrEqual(10);
  });

  test("a busy stream draws the page far less often than it has events", async () => {
    const events = Array.from({ length: 2000 }, (_, index) => frame(progressEvent("a", index + 3, 1)));
    const { client } = await start([stream([many, ...events], "stay")]);
    let draws = 0;
    const { result } = renderHook(
      () => {
        draws += 1;
        return useTasks();
      },
      { wrapper: strict(client) },
    );
    await waitFor(() => expect(result.current.byId.get("a")?.cursor).toBe("0000e90c.2002"));
    expect(draws).toBeLessThan(200);
  });
});

describe("useSubmit", () => {
  test("submits, is pending meanwhile, and follows what it made", async () => {
    const { client } = await start([stream([first, succeeded], "stay")], { submit: json(202, taskOf("a", 1)) });
    const { result } = renderHook(() => useSubmit(), { wrapper: strict(client) });
    expect(result.current).toMatchObject({ pending: false, task: undefined, error: undefined });
    let submitting: Promise<unknown> | undefined;
    act(() => {
      submitting = result.current.submit("test", { x: 1 });
    });
    expect(result.current.pending).toBe(true);
    await act(async () => {
      await submitting;
    });
    expect(result.current.pending).toBe(false);
    await waitFor(() => expect(result.current.task?.state).toBe("succeeded"));
    act(() => result.current.reset());
    expect(result.current.task).toBeUndefined();
  });

  test("shows the refusal, and throws it", async () => {
    const { client, counts } = await start([], { submit: problem(400, "invalid-request") });
    const { result } = renderHook(() => useSubmit(), { wrapper: strict(client) });
    await act(async () => {
      await expect(result.current.submit("test")).rejects.toBeInstanceOf(MilepostProblem);
    });
    expect(result.current).toMatchObject({ pending: false, task: undefined, error: { slug: "invalid-request" } });
    expect(counts.streams).toBe(0);
  });
});

describe("TaskProgress", () => {
  test("is a progress bar that says where it is", async () => {
    const { client } = await start([stream([first, step(4)], "stay")]);
    render(<TaskProgress taskId="a" className="mine" />, { wrapper: strict(client) });
    const bar = screen.getByRole("progressbar");
    expect(bar.getAttribute("aria-valuenow")).toBeNull();
    await waitFor(() => expect(bar.getAttribute("aria-valuenow")).toBe("40"));
    expect(bar.getAttribute("aria-label")).toBe("test");
    expect(bar.getAttribute("aria-valuetext")).toBe("40 %");
    expect(bar.parentElement?.className).toBe("milepost-progress mine");
    expect(bar.parentElement?.dataset).toMatchObject({ state: "running", status: "live" });
  });

  test.each([
    [{ state: "succeeded" }, "100", "succeeded"],
    [{ state: "failed", error: { type: "x", title: "Disk full" } }, null, "failed: Disk full"],
    [{ state: "running", progress: { current: 3, total: 4, unit: "files", updated_at: "" } }, "75", "75 % · 3 of 4 files"],
    [{ state: "running", progress: { current: 3, message: "copying", updated_at: "" } }, null, "3 · copying"],
    [{ state: "running", progress: { percent: 99.6, eta_seconds: 3725, updated_at: "" } }, "99", "99 % · 1 h 2 min left"],
    [{ state: "running", progress: { current: 0, total: 0, eta_seconds: 61, updated_at: "" } }, null, "0 of 0 · 1 min 1 s left"],
  ] as const)("%j is drawn as %s, %s", async (fields, value, text) => {
    const task = taskOf("a", 1, fields as never);
    const { client } = await start([stream([frame(snapshot([task], { position: 1 }))], "stay")]);
    render(<TaskProgress taskId="a" />, { wrapper: strict(client) });
    await screen.findByText(text);
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe(value);
  });

  test("shows why there is no task", async () => {
    const { client } = await start([stream([nothing], "stay")]);
    render(<TaskProgress taskId="a" />, { wrapper: strict(client) });
    expect(await screen.findByText("about task-not-found")).toBeDefined();
  });
});
