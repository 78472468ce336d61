import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createToken, revokeToken, tokens } from "../../lib/ops/tokens.ts";
import { readToken } from "../../lib/provisioning/token.ts";
import { hashToken } from "../../lib/token.ts";
import { type TestStore, testStore } from "./store.ts";

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => store.close());

describe("tokens (R121)", () => {
  test("a token is shown once; only its hash is stored", async () => {
    const made = await createToken(store.operations, { label: " Entra " });
    expect(made.token).toMatch(/^rc_[a-z0-9]{3,32}_[A-Za-z0-9]{32,}$/);
    expect(await readToken(store.operations.table, made.id)).toMatchObject({
      label: "Entra",
      hash: hashToken(made.token),
    });
    const secret = made.token.split("_")[2] ?? "";
    expect(JSON.stringify(store.db.prepare("SELECT * FROM item").all())).not.toContain(secret);
  });

  test("several are alive at once, newest first, and the list holds no hash", async () => {
    await createToken(store.operations, { label: "old" });
    store.pass(1000);
    await createToken(store.operations, { label: "new", expiresInDays: 1 });
    const all = await tokens(store.operations);
    expect(all.map(({ label, alive }) => [label, alive])).toEqual([
      ["new", true],
      ["old", true],
    ]);
    expect(JSON.stringify(all)).not.toContain("hash");
  });

  test("an expired one is listed as ended", async () => {
    await createToken(store.operations, { label: "short", expiresInDays: 1 });
    store.pass(86_400_001);
    expect(await tokens(store.operations)).toMatchObject([{ label: "short", alive: false }]);
  });

  test("it is revoked by its id, or by the whole token", async () => {
    const [one, two] = [
      await createToken(store.operations, { label: "a" }),
      await createToken(store.operations, { label: "b" }),
    ];
    expect(await revokeToken(store.operations, one.id)).toBe(one.id);
    expect(await revokeToken(store.operations, two.token)).toBe(two.id);
    expect(await tokens(store.operations)).toMatchObject([{ alive: false }, { alive: false }]);
    await expect(revokeToken(store.operations, one.id)).rejects.toThrow(`There is no token "${one.id}"`);
  });

  test.each(["", "  ", "x".repeat(101)])("label %j is refused", async (label) => {
    await expect(createToken(store.operations, { label })).rejects.toThrow("needs a label of 1 to 100 characters");
  });
});
