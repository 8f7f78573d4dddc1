import { beforeAll, describe, expect, test } from "vitest";

import type { Milepost } from "../../src/index.js";
import { binary, eventually, RealServer } from "./real.js";

describe.skipIf(binary === undefined)("a webhook on the real server", () => {
  let milepost: Milepost;

  beforeAll(async () => {
    const server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("is made, changed, rotated, tested, listed and deleted", async () => {
    const made = await milepost.webhooks.create({ url: "http://127.0.0.1:9/", kind: "k" });
    expect(made).toMatchObject({ kind: "k", enabled: true });
    expect(made.secret).toMatch(/^whsec_/);
    const changed = await milepost.webhooks.update(made.id, { kind: null, events: ["task.failed"] });
    expect(changed).toMatchObject({ events: ["task.failed"] });
    expect(changed).not.toHaveProperty("kind");
    expect(changed).not.toHaveProperty("secret");
    const rotated = await milepost.webhooks.rotateSecret(made.id);
    expect(rotated.secret).not.toBe(made.secret);

    const delivery = await milepost.webhooks.test(made.id);
    const ended = await eventually(() => milepost.getTask(delivery.id), (task) => task.done);
    expect(ended.error).toMatchObject({ type: "address-refused" });

    const ids: string[] = [];
    for await (const one of milepost.webhooks.all({ limit: 1 })) ids.push(one.id);
    expect(ids).toEqual([made.id]);
    await milepost.webhooks.delete(made.id);
    await expect(milepost.webhooks.get(made.id)).rejects.toMatchObject({ status: 404 });
  });
});
