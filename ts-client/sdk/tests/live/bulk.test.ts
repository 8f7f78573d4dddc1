import { beforeAll, describe, expect, test } from "vitest";

import type { Milepost } from "../../src/index.js";
import { binary, RealServer } from "./real.js";

describe.skipIf(binary === undefined)("many tasks on the real server", () => {
  let milepost: Milepost;

  beforeAll(async () => {
    const server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("are cancelled, retried and deleted by a run that says how many there were", async () => {
    await milepost.submitAll(Array.from({ length: 300 }, () => ({ kind: "k" })));
    const filter = { kind: "k" };
    const dry = await milepost.wait((await milepost.bulk.cancel(filter, { dryRun: true })).id);
    expect(dry.output).toMatchObject({ dry_run: true, matched: 300, changed: 0, skipped: 0 });
    for (const act of ["cancel", "retry", "cancel", "delete"] as const) {
      const run = await milepost.wait((await milepost.bulk[act](filter)).id);
      expect(run.output).toMatchObject({ action: act, matched: 300, changed: 300, skipped: 0 });
    }
    expect((await milepost.listTasks()).items).toEqual([]);
  });

  test("are not touched by a filter that says nothing", async () => {
    const refused = milepost.bulk.delete({});
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ field: "filter" }] });
  });

  test("are met once by a request that is sent again under its key", async () => {
    const send = () => milepost.bulk.cancel({ kind: "k" }, { idempotencyKey: "one" });
    expect((await send()).id).toBe((await send()).id);
  });
});
