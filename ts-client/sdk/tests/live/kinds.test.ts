import { beforeAll, describe, expect, test } from "vitest";

import type { Milepost } from "../../src/index.js";
import { binary, RealServer } from "./real.js";

const input_schema = { type: "object", required: ["album"], properties: { album: { type: "string" } } };

describe.skipIf(binary === undefined)("a kind on the real server", () => {
  let milepost: Milepost;

  beforeAll(async () => {
    const server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("is put, got, and deleted, and its tasks' inputs are held against it", async () => {
    const made = await milepost.kinds.put("a/b", { input_schema, defaults: { max_attempts: 7 } });
    expect(made).toMatchObject({ name: "a/b", checks_input: true, input_schema });
    const refused = milepost.submit("a/b", { album: 5 });
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ field: "input/album" }] });
    expect(await milepost.submit("a/b", { album: "a" })).toMatchObject({ max_attempts: 7 });
    await milepost.kinds.delete("a/b");
    await expect(milepost.kinds.get("a/b")).rejects.toMatchObject({ status: 404 });
    await milepost.submit("a/b", { album: 5 });
  });

  test("is listed by name, page after page, without its schema", async () => {
    for (const name of ["b", "a", "c"]) await milepost.kinds.put(name, { input_schema });
    const names: string[] = [];
    for await (const kind of milepost.kinds.all({ limit: 2 })) {
      names.push(kind.name);
      expect(kind).not.toHaveProperty("input_schema");
    }
    expect(names).toEqual(["a", "b", "c"]);
  });
});
