import { beforeAll, describe, expect, test } from "vitest";

import type { Milepost } from "../../src/index.js";
import { binary, leaseOne, RealServer } from "./real.js";

describe.skipIf(binary === undefined)("a queue on the real server", () => {
  let milepost: Milepost;

  beforeAll(async () => {
    const server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("is set, changed and put back to its defaults", async () => {
    const rate_limit = { limit: 5, period_seconds: 60 };
    const made = await milepost.queues.put("mail", { max_concurrency: 2, rate_limit });
    expect(made).toMatchObject({ name: "mail", paused: false, max_concurrency: 2, rate_limit });
    expect((await milepost.queues.pause("mail")).paused).toBe(true);
    expect(await milepost.queues.get("mail")).toMatchObject({ paused: true, max_concurrency: 2 });
    const changed = await milepost.queues.update("mail", { paused: false, max_concurrency: null });
    expect(changed.max_concurrency).toBeUndefined();
    expect(changed.rate_limit).toMatchObject(rate_limit);
    expect(await milepost.queues.put("mail", {})).not.toHaveProperty("rate_limit");
  });

  test("counts what is in it, and gives its tasks their defaults", async () => {
    await milepost.queues.put("counted", { defaults: { max_attempts: 7, stalled_after_seconds: 9 } });
    const { id } = await milepost.submit("counted", 1, { queue: "counted" });
    await milepost.submit("counted", 2, { queue: "counted", delay_seconds: 3600 });
    expect(await milepost.getTask(id)).toMatchObject({ max_attempts: 7, stalled_after_seconds: 9 });
    expect((await milepost.queues.get("counted")).counts).toMatchObject({ queued: 1, scheduled: 1 });
  });

  test("is listed by name, page after page", async () => {
    for (const name of ["b", "a", "c"]) await milepost.queues.put(name, { paused: true });
    const names: string[] = [];
    for await (const queue of milepost.queues.all({ limit: 2 })) names.push(queue.name);
    expect(names.filter((name) => name.length === 1)).toEqual(["a", "b", "c"]);
    expect(names).toEqual([...names].sort());
  });

  test("refuses a limit of nothing, and names the field", async () => {
    const refused = milepost.queues.update("mail", { max_concurrency: 0 });
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ field: "max_concurrency" }] });
    await expect(milepost.queues.get("nobody")).rejects.toMatchObject({ status: 404 });
  });

  test("takes many tasks at once, or none", async () => {
    const tasks = [1, 2, 3].map((input) => ({ kind: "many", input, queue: "bulk" }));
    const made = await milepost.submitAll(tasks);
    expect(made.map((task) => task.kind)).toEqual(["many", "many", "many"]);
    await expect(milepost.submitAll([{ kind: "good" }, { kind: "" }])).rejects.toMatchObject({ status: 400 });
    expect((await milepost.listTasks({ kind: "good" })).items).toEqual([]);
  });

  test("shows who works on what", async () => {
    const { id } = await milepost.submit("worked");
    const held = await leaseOne(milepost, "worked");
    const { items } = await milepost.workers.list();
    expect(items.find((worker) => worker.name === "vitest")?.tasks.map((task) => task.id)).toContain(id);
    expect(held.task.id).toBe(id);
  });
});
