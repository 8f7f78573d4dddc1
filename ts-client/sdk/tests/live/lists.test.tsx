// @vitest-environment jsdom

import { act, cleanup, configure, renderHook, waitFor } from "@testing-library/react";
import { StrictMode, type ReactElement, type ReactNode } from "react";
import { afterEach, beforeAll, describe, expect, test } from "vitest";

import { unwrap, type Milepost } from "../../src/index.js";
import {
  MilepostProvider,
  useQueue,
  useQueues,
  useSchedules,
  useTask,
  useTaskAttempts,
  useTasks,
  useWebhook,
  useWebhooks,
  useWorkers,
} from "../../src/react/index.js";
import { binary, eventually, leaseOne, RealServer, streamed } from "./real.js";

configure({ asyncUtilTimeout: 20_000 });

describe.skipIf(binary === undefined)("the hooks for what is not in the log, on the real server", () => {
  let server: RealServer;
  let milepost: Milepost;

  beforeAll(async () => {
    server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });
  afterEach(cleanup);

  const wrapper = ({ children }: { children: ReactNode }): ReactElement => (
    <StrictMode>
      <MilepostProvider client={milepost}>{children}</MilepostProvider>
    </StrictMode>
  );

  test("queues, schedules and workers come, and what changes is seen when asked for or by itself", async () => {
    await milepost.queues.put("mail", { max_concurrency: 1 });
    await milepost.schedules.create({ id: "nightly", cron: "0 3 * * *", task: { kind: "night" } });
    const { result } = renderHook(
      () => ({ queues: useQueues(), mail: useQueue("mail"), schedules: useSchedules(), workers: useWorkers() }),
      { wrapper },
    );
    await waitFor(() => expect(result.current.queues.queues.map((queue) => queue.name)).toEqual(["mail"]));
    await waitFor(() => expect(result.current.schedules.schedules.map((one) => one.id)).toEqual(["nightly"]));
    await milepost.queues.pause("mail");
    await act(() => result.current.mail.refetch());
    expect(result.current.mail.queue?.paused).toBe(true);
    await milepost.submit("work", 1);
    await leaseOne(milepost, "work");
    await waitFor(() => {
      const worker = result.current.workers.workers.find(({ name }) => name === "vitest");
      expect(worker).toMatchObject({ running: 1, tasks: [{ kind: "work" }] });
    });
  });

  test("webhooks come without their secrets, and a test of one is followed to its end beside all tasks", async () => {
    const { id } = await milepost.webhooks.create({ url: "http://127.0.0.1:9/" });
    const { result } = renderHook(() => ({ all: useTasks(), list: useWebhooks(), one: useWebhook(id) }), { wrapper });
    await waitFor(() => expect(result.current.list.webhooks.map((one) => one.id)).toEqual([id]));
    await waitFor(() => expect(result.current.one.webhook).toMatchObject({ id, enabled: true }));
    expect(result.current.one.webhook).not.toHaveProperty("secret");
    await waitFor(() => expect(result.current.all.complete).toBe(true));
    const sent = await milepost.webhooks.test(id);
    const delivery = renderHook(() => useTask(sent.id), { wrapper });
    await waitFor(() => expect(delivery.result.current.status).toBe("ended"));
    expect(delivery.result.current.task).toMatchObject({ state: "failed", error: { type: "address-refused" } });
    expect(result.current.all.byId.has(sent.id)).toBe(false);
    await milepost.webhooks.delete(id);
  });

  test("attempts follow the task's stream", async () => {
    const { id } = await milepost.submit("tried", 1, { backoff_base_seconds: 0 });
    const { result } = renderHook(() => useTaskAttempts(id), { wrapper });
    await waitFor(() => expect(result.current.loaded).toBe(true));
    expect(result.current.attempts).toEqual([]);
    const held = await leaseOne(milepost, "tried");
    await waitFor(() => expect(result.current.attempts).toMatchObject([{ number: 1, state: "running" }]));
    const error = { type: "disk-full", title: "The disk is full" };
    const init = { params: { path: held.path }, body: { lease: held.lease, error } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/fail", init));
    await leaseOne(milepost, "tried");
    await waitFor(() =>
      expect(result.current.attempts).toMatchObject([
        { number: 1, state: "failed", error: { type: "disk-full" } },
        { number: 2, state: "running" },
      ]),
    );
  });

  test("stages and a stall come through the stream as getTask has them", async () => {
    const stages = [{ name: "fetch" }, { name: "render", weight: 3 }];
    const { id } = await milepost.submit("staged", 1, { stages, stalled_after_seconds: 1 });
    const { result } = renderHook(() => useTask(id), { wrapper });
    const held = await leaseOne(milepost, "staged");
    const body = { lease: held.lease, progress: { stage: "render", percent: 50 } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", { params: { path: held.path }, body }));
    await waitFor(() => expect(result.current.task?.progress).toMatchObject({ percent: 62.5, stage: "render", stage_percent: 50 }));
    expect(result.current.task?.stages).toEqual([{ name: "fetch", weight: 1 }, { name: "render", weight: 3 }]);
    await waitFor(() => expect(result.current.task?.progress?.stalled).toBe(true));
    const now = await eventually(() => milepost.getTask(id), (task) => task.progress?.stalled === true);
    expect(result.current.task).toEqual(streamed(now));
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", { params: { path: held.path }, body: { lease: held.lease } }));
    await waitFor(() => expect(result.current.status).toBe("ended"));
  });
});
