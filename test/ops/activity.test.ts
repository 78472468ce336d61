/** Activity: what was accepted and refused, newest first, of all or of one; page by page, and as it comes. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { activity, type ActivityOptions } from "../../lib/ops/activity/activity.ts";
import { type ActivityRow, isRefusal } from "../../lib/ops/activity/row.ts";
import { watchActivity } from "../../lib/ops/activity/watch.ts";
import { giveUp } from "../../lib/provisioning/given-up.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { logKey } from "../../lib/provisioning/keys.ts";
import { type Played, played } from "./played.ts";

let world: Played;
beforeEach(async () => {
  world = played();
  await world.connect("entra");
});
afterEach(() => world.close());

const mail = (userName: string) => ({ emails: [{ value: userName, type: "work" }] });
const join = async (name: string) => await world.post(`${name}@example.com`, mail(`${name}@example.com`));
const page = async (asked: Partial<ActivityOptions> = {}) => await activity(world.operations, { most: 50, ...asked });
const told = (rows: readonly ActivityRow[]) =>
  rows.map(({ kind, name, status }) => [kind, name ?? "–", status].join(" "));

/** Page after page, until there is none. */
async function all(asked: Partial<ActivityOptions>): Promise<ActivityRow[]> {
  const rows: ActivityRow[] = [];
  let after: string | undefined;
  do {
    const one = await page({ ...asked, ...(after !== undefined && { after }) });
    rows.push(...one.rows);
    after = one.next;
    if (rows.length > 1_000) throw new Error("the pages do not end");
  } while (after !== undefined);
  return rows;
}

describe("a row", () => {
  test("tells what happened, to whom, and how far it has come", async () => {
    const ada = await join("ada");
    await join("bob");
    await world.work();
    await world.patch(ada, { title: "Countess", active: false });
    expect(await page()).toEqual({
      rows: [
        {
          at: expect.any(Number),
          kind: "deactivated",
          type: "User",
          id: ada,
          name: "ada@example.com",
          version: 2,
          status: "pending",
          attributes: ["active", "title"],
          tokenId: expect.any(String),
          tokenLabel: "entra production",
          idp: "entra",
          requestId: expect.any(String),
        },
        expect.objectContaining({ kind: "created", name: "bob@example.com", status: "applied" }),
        expect.objectContaining({ kind: "created", name: "ada@example.com", status: "applied" }),
      ],
    });
    await world.work();
    expect(told((await page({ most: 1 })).rows)).toEqual(["deactivated ada@example.com applied"]);
  });

  test("of a refusal tells what the identity provider was told", async () => {
    const ada = await join("ada");
    await join("ada");
    const { rows } = await page();
    expect(rows[0]).toMatchObject({
      kind: "refused",
      type: "User",
      name: "ada@example.com",
      status: 409,
      operation: "POST /Users",
      detail: expect.stringContaining("is already used"),
    });
    expect(rows[1]).toMatchObject({ kind: "created", id: ada });
  });

  test.each([
    ["changed", { title: "Countess" }],
    ["deactivated", { active: false }],
  ])("a patch is %s", async (kind, value) => {
    await world.patch(await join("ada"), value);
    expect((await page()).rows[0]?.kind).toBe(kind);
  });

  test("whoever comes back was activated, also by a PUT; without it a PUT replaces", async () => {
    const id = await join("ada");
    const put = async (more: object) =>
      await world.ask("PUT", `/Users/${id}`, { userName: "ada@example.com", ...mail("ada@example.com"), ...more });
    for (const more of [{ active: false }, { active: true }, { active: true, title: "Countess" }]) await put(more);
    expect((await page()).rows.map(({ kind }) => kind)).toEqual(["replaced", "activated", "deactivated", "created"]);
  });

  test("of a group counts the members that came and went", async () => {
    const [ada, bob] = [await join("ada"), await join("bob")];
    const group = await world.createGroup("Pilots", [ada]);
    const Operations = [
      { op: "add", path: "members", value: [{ value: bob }] },
      { op: "remove", path: `members[value eq "${ada}"]` },
    ];
    await world.ask("PATCH", `/Groups/${group}`, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations,
    });
    const [patched, created] = (await page()).rows;
    expect(patched).toMatchObject({
      kind: "members",
      name: "Pilots",
      members: { added: 1, removed: 1, isMany: false },
    });
    expect(created).toMatchObject({ kind: "created", name: "Pilots", members: { added: 1, removed: 0 } });
  });

  test("of whoever is deleted has no name any more, and names the worker that took her out of a group", async () => {
    const ada = await join("ada");
    await world.createGroup("Pilots", [ada]);
    await world.work();
    await world.ask("DELETE", `/Users/${ada}`);
    await world.work();
    const { rows } = await page();
    expect(rows.find(({ kind }) => kind === "deleted")).toMatchObject({ id: ada, status: "applied" });
    expect(rows.find(({ kind }) => kind === "deleted")).not.toHaveProperty("name");
  });

  test("says parked, and given up, as dlq does", async () => {
    const id = await world.post("noemail@example.com");
    await world.work();
    expect(told((await page()).rows)).toEqual(["created noemail@example.com parked"]);
    const head = await readHead(world.operations.table, "User", id);
    if (head !== undefined) await giveUp(world.operations, head, "as a test wants it");
    expect(told((await page({ status: "givenUp" })).rows)).toEqual(["created noemail@example.com givenUp"]);
  });

  test("of what an earlier release accepted stands among those of one, with how far it has come", async () => {
    const id = await world.post("noemail@example.com");
    await world.work();
    const remove = ["type", "waitKey", "waitAt"];
    await world.operations.table.write({ kind: "update", key: logKey(id, 1), remove });
    expect((await page()).rows).toEqual([]);
    const { rows } = await page({ who: "noemail@example.com" });
    expect(rows).toMatchObject([{ kind: "created", type: "User", name: "noemail@example.com", status: "parked" }]);
  });
});

describe("what is asked for", () => {
  beforeEach(async () => {
    const ada = await join("ada");
    await join("bob");
    await world.work();
    await world.patch(ada, { active: false });
    await join("bob");
  });

  test.each([
    ["a kind", { kinds: ["deactivated"] }, ["deactivated ada@example.com pending"]],
    ["refusals", { kinds: ["refused", "fault"] }, ["refused bob@example.com 409"]],
    ["a status, which refusals have none of", { status: "pending" }, ["deactivated ada@example.com pending"]],
    [
      "somebody",
      { who: "ADA@example.com" },
      ["deactivated ada@example.com pending", "created ada@example.com applied"],
    ],
    ["somebody and a kind", { who: "bob@example.com", kinds: ["refused"] }, ["refused bob@example.com 409"]],
    ["nobody", { who: "eve@example.com" }, []],
  ] as const)("%s", async (_, asked, rows) => {
    expect(told((await page(asked)).rows)).toEqual(rows);
  });

  test("whoever was refused and never came has activity all the same", async () => {
    await world.post("eve@example.com", { active: "perhaps" });
    expect(told((await page({ who: "eve@example.com" })).rows)).toEqual(["refused eve@example.com 400"]);
  });

  test("nothing of before the moment, and nothing that is older than the evidence that is kept", async () => {
    world.pass(3_600_000);
    await join("cleo");
    expect(told((await page({ since: world.operations.clock.now() - 60_000 })).rows)).toEqual([
      "created cleo@example.com pending",
    ]);
    world.pass(30 * 86_400_000 + 1);
    expect((await page()).rows).toEqual([]);
  });
});

describe("page after page", () => {
  /** As after an import: all within one millisecond, and as many refusals. */
  async function manyAtOnce(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await join(`user${n}`);
    for (let n = 0; n < count; n += 1) await join(`user${n}`);
    const at = world.operations.clock.now();
    world.db
      .prepare(
        "UPDATE item SET wait_at = ?1, attributes = json_set(attributes, '$.at', ?1, '$.waitAt', ?1) WHERE pk LIKE 'Log#%'",
      )
      .run(at);
    world.db
      .prepare("UPDATE item SET sk = ?1 || substr(sk, 14) WHERE pk = 'Refused' OR pk LIKE 'Sighting#%'")
      .run(String(at));
  }

  test.each([1, 7, 50])("%s rows a page: nothing is lost or doubled among many of one millisecond", async (most) => {
    await manyAtOnce(12);
    const rows = await all({ most });
    expect(rows).toHaveLength(24);
    expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(24);
  });

  test.each([1, 2, 50])("%s rows a page of one, whose refusals stand under several names", async (most) => {
    const ada = { externalId: "e-1", ...mail("a@example.com") };
    for (let n = 0; n < 3; n += 1) await world.post("ada@example.com", ada);
    const rows = await all({ most, who: "ada@example.com" });
    expect(rows.map(({ kind }) => kind)).toEqual(["refused", "refused", "created"]);
  });

  test("what comes meanwhile does not shift the next page", async () => {
    for (const name of ["ada", "bob", "cleo"]) await join(name);
    const { next = "" } = await page({ most: 2 });
    await join("dora");
    expect(told((await page({ after: next })).rows)).toEqual(["created ada@example.com pending"]);
  });

  test("a log whose clocks disagree is walked once", async () => {
    const ada = await join("ada");
    for (const title of ["a", "b", "c"]) await world.patch(ada, { title });
    world.db
      .prepare(
        "UPDATE item SET attributes = json_set(attributes, '$.at', json_extract(attributes, '$.at') + 5000) WHERE pk = ? AND sk LIKE '%2'",
      )
      .run(`Log#${ada}`);
    world.pass(2_000);
    await join("ada");
    const rows = await all({ who: ada, most: 1 });
    expect(rows.map((row) => (isRefusal(row) ? "refused" : row.version))).toEqual(["refused", 4, 3, 2, 1]);
  });

  test.each(["x", "12~", "1~id.x", `1${"~a.1".repeat(21)}`, "1~~", "99999999999999"])(
    "%j is no place",
    async (after) => {
      await expect(page({ after })).rejects.toThrow("is no place in the activity");
    },
  );
});

describe("as it comes", () => {
  test("each row is told once, in its order, until it is stopped", async () => {
    await join("ada");
    const since = world.operations.clock.now();
    const control = new AbortController();
    const seen: string[] = [];
    let looks = 0;
    const clock = {
      now: () => world.operations.clock.now(),
      sleep: async () => {
        looks += 1;
        world.pass(2_000);
        if (looks < 3) await join(`user${looks}`);
        if (looks === 3) await join("user1");
        if (looks === 5) control.abort();
      },
    };
    world.pass(1);
    for await (const row of watchActivity(
      { ...world.operations, clock },
      { since: since + 1, signal: control.signal },
    )) {
      seen.push(`${row.kind} ${row.name}`);
    }
    expect(seen).toEqual(["created user1@example.com", "created user2@example.com", "refused user1@example.com"]);
  });
});
