// @vitest-environment jsdom

import { act, cleanup, configure, render, renderHook, screen, waitFor } from "@testing-library/react";
import { StrictMode, type ReactElement, type ReactNode } from "react";
import { afterEach, beforeAll, describe, expect, test } from "vitest";

import { unwrap, type Milepost } from "../../src/index.js";
import { MilepostProvider, TaskProgress, useSubmit, useTask, useTasks } from "../../src/react/index.js";
import { binary, eventually, leaseOne, RealServer } from "./real.js";

// A loaded machine takes its time; what never comes fails by the test's own limit.
configure({ asyncUtilTimeout: 20_000 });

describe.skipIf(binary === undefined)("React on the real server", () => {
  let server: RealServer;
  let milepost: Milepost;

  beforeAll(async () => {
    server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });
  afterEach(async () => {
    cleanup();
    await eventually(async () => (await milepost.system()).open_streams, (open) => open === 0);
  });

  const wrapper = ({ children }: { children: ReactNode }): ReactElement => (
    <StrictMode>
      <MilepostProvider client={milepost}>{children}</MilepostProvider>
    </StrictMode>
  );

  test("a bar moves to 100 % while a worker works", async () => {
    const { id } = await milepost.submit("bar");
    render(<TaskProgress taskId={id} />, { wrapper });
    await screen.findByText("queued");
    const held = await leaseOne(milepost, "bar");
    const params = { path: { id } };
    for (const percent of [25, 50, 75]) {
      const body = { lease: held.lease, progress: { percent } };
      await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", { params, body }));
      await waitFor(
        () => expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe(String(percent)),
      );
    }
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", { params, body: { lease: held.lease } }));
    await screen.findByText("succeeded");
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("100");
  });

  test("a submitted task is followed, in a list of its kind as well, through a kill", async () => {
    const { result } = renderHook(
      () => ({ submission: useSubmit(), list: useTasks({ kind: "followed" }) }),
      { wrapper },
    );
    await waitFor(() => expect(result.current.list.complete).toBe(true));
    await act(() => result.current.submission.submit("followed", { a: 1 }));
    await waitFor(() => expect(result.current.list.tasks).toHaveLength(1));
    await server.end("SIGKILL");
    await waitFor(() => expect(result.current.list.status).toBe("reconnecting"));
    await server.start();
    const held = await leaseOne(milepost, "followed");
    const init = { params: { path: held.path }, body: { lease: held.lease, output: 7 } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", init));
    await waitFor(() => expect(result.current.submission.task?.output).toBe(7));
    await waitFor(() => expect(result.current.list.tasks[0]?.state).toBe("succeeded"));
  });

  test("log lines before and after the page was opened are there once", async () => {
    const { id } = await milepost.submit("logged");
    const held = await leaseOne(milepost, "logged");
    const params = { path: { id } };
    const say = (text: string): Promise<unknown> =>
      unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", { params, body: { lease: held.lease, logs: [{ text }] } }));
    const said = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    for (const text of said.slice(0, 10)) await say(text);
    const { result } = renderHook(() => useTask(id), { wrapper });
    for (const text of said.slice(10)) await say(text);
    await waitFor(() => expect(result.current.logs.map((line) => line.text)).toEqual(said));
  });
});
