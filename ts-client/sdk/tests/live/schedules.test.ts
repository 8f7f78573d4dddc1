import { beforeAll, describe, expect, test } from "vitest";

import type { Milepost } from "../../src/index.js";
import { binary, eventually, RealServer } from "./real.js";

describe.skipIf(binary === undefined)("a schedule on the real server", () => {
  let milepost: Milepost;

  beforeAll(async () => {
    const server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("submits its task, is paused, run by hand, changed and deleted", async () => {
    const task = { kind: "tick", input: { n: 1 } };
    const made = await milepost.schedules.create({ id: "ticks", cron: "* * * * * *", task });
    expect(made).toMatchObject({ id: "ticks", time_zone: "UTC", overlap: "skip", paused: false });
    const ran = await eventually(() => milepost.schedules.get("ticks"), (one) => one.last_task_id !== undefined);
    expect(await milepost.getTask(ran.last_task_id ?? "")).toMatchObject({ kind: "tick", schedule_id: "ticks", input: { n: 1 } });

    const paused = await milepost.schedules.update("ticks", { paused: true });
    expect(paused).not.toHaveProperty("next_run_at");
    expect(await milepost.schedules.run("ticks")).toMatchObject({ kind: "tick", schedule_id: "ticks" });

    const daily = await milepost.schedules.put("ticks", { cron: "0 9 * * *", time_zone: "Europe/Berlin", task });
    expect(daily).toMatchObject({ cron: "0 9 * * *", paused: false });
    const ids: string[] = [];
    for await (const one of milepost.schedules.all({ limit: 1 })) ids.push(one.id);
    expect(ids).toEqual(["ticks"]);
    await milepost.schedules.delete("ticks");
    await expect(milepost.schedules.get("ticks")).rejects.toMatchObject({ status: 404 });
  });

  test("is made once under one key", async () => {
    const rule = { cron: "0 0 1 1 *", task: { kind: "yearly" } };
    const options = { idempotencyKey: crypto.randomUUID() };
    const first = await milepost.schedules.create(rule, options);
    expect((await milepost.schedules.create(rule, options)).id).toBe(first.id);
  });

  test("that cannot be refuses with its field", async () => {
    const wrong = milepost.schedules.create({ cron: "99 * * * *", task: { kind: "never" } });
    await expect(wrong).rejects.toMatchObject({ status: 400, errors: [{ field: "cron" }] });
  });
});
