/** What a request costs must not depend on how large the group is: counted at the table, on groups of two sizes (R83). */
import { beforeAll, describe, expect, test } from "vitest";
import { countingTable, type UnitCount } from "../../bench/count-units.ts";
import { apply } from "../../lib/provisioning/apply.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { crowd } from "../crowd.ts";
import type { Asked } from "./event.ts";
import type { EventSettings } from "../../lib/provisioning/tenant.ts";
import { harness, textOf } from "./harness.ts";

const base = "/scim/v2";
const [small, large] = [50, 5_000];
const settledMs = 61_000;

type Costs = Readonly<Record<string, UnitCount>>;

/** What each request costs on a group of so many members, and what its apply does. */
async function costs(size: number, events?: EventSettings): Promise<Costs> {
  let count: UnitCount = { write: 0, read: 0, calls: 0 };
  const api = await harness({
    change: (p) => {
      const counted = countingTable(p.table);
      ({ count } = counted);
      const { events: _, ...tenant } = p.tenant;
      return { ...p, table: counted.table, tenant: events === undefined ? tenant : { ...tenant, events } };
    },
  });
  const { table, clock } = api.provisioning;
  const ann = textOf((await api.ask("POST", `${base}/Users`, { body: user("ann@example.com") })).body["id"]);
  const people = await crowd(table, ann, size + 200);
  const members = (ids: readonly string[]) => ids.map((value) => ({ value }));
  const [there, others] = [people.slice(0, size), people.slice(size)];
  const body = { schemas: [groupSchema], displayName: "Everybody", members: members(there) };
  const id = textOf((await api.ask("POST", `${base}/Groups`, { body })).body["id"]);
  const work = async (workerId: string) =>
    await apply({ ...api.provisioning, workerId }, "changes", { type: "Group", id, version: 1 });
  await work("first");
  const found: Record<string, UnitCount> = {};
  const measured = async (what: string, run: () => Promise<unknown>) => {
    const before = { ...count };
    await run();
    const [write, read, calls] = [count.write - before.write, count.read - before.read, count.calls - before.calls];
    found[what] = { write, read, calls };
  };
  const asks = async (what: string, method: string, target: string, asked: Asked = {}) => {
    await measured(what, async () => {
      const { status, body: answer } = await api.ask(method, `${base}/${target}`, asked);
      expect([what, status < 300, answer["detail"]]).toEqual([what, true, undefined]);
    });
  };
  const changes = async (what: string, ...operations: object[]) => {
    await clock.sleep(settledMs);
    await asks(`${what}: accept`, "PATCH", `Groups/${id}`, { body: patch(...operations) });
    await measured(`${what}: apply`, async () => await work("second"));
  };
  const add = (ids: readonly string[]) => ({ op: "add", path: "members", value: members(ids) });
  const filter = (text: string) => `Groups?filter=${encodeURIComponent(text)}&excludedAttributes=members`;
  const searches = async (when: string) => {
    for (const [who, one] of Object.entries({ member: there[7], stranger: others.at(-1) })) {
      await asks(`id and members eq, a ${who}, ${when}`, "GET", filter(`id eq "${id}" and members eq "${one}"`));
      await asks(`members eq, a ${who}, ${when}`, "GET", filter(`members eq "${one}"`));
    }
  };
  await changes("a member more", add(others.slice(0, 1)));
  await changes("a hundred more", add(others.slice(1, 101)));
  await changes("one less", { op: "remove", path: `members[value eq "${others[0]}"]` });
  await changes("who is there already", add(there.slice(0, 1)));
  await changes("a name", { op: "replace", path: "displayName", value: "All" });
  await clock.sleep(settledMs);
  await asks("the group without members", "GET", `Groups/${id}?excludedAttributes=members`);
  await asks("the list without members", "GET", "Groups?excludedAttributes=members");
  await searches("at rest");
  await api.ask("PATCH", `${base}/Groups/${id}`, { body: patch(add(others.slice(110, 120))) });
  await searches("with changes pending");
  api.close();
  return found;
}

describe(`a group of ${large} members and one of ${small}`, () => {
  let few: Costs;
  let many: Costs;
  beforeAll(async () => {
    few = await costs(small);
    many = await costs(large);
  }, 60_000);

  test("cost the same units and requests, whatever is changed or asked", () => {
    expect(many).toEqual(few);
  });

  test("a member more or less costs 16 write units, with accept and apply, and one who is there already none", () => {
    // The first request of a minute notes the contact and the traffic.
    const noted = 2;
    expect(few).toMatchObject({
      "a member more: accept": { write: 6 + noted },
      "a member more: apply": { write: 10 },
      "one less: accept": { write: 6 + noted },
      "who is there already: accept": { write: noted },
      "who is there already: apply": { write: 0 },
    });
  });

  test("of a tenant with events, a step of a group costs two units more: what it changed, for whoever tells of it", async () => {
    const told = await costs(small, { values: false, sinks: [] });
    expect(told).toMatchObject({ "a member more: apply": { write: 12 }, "who is there already: apply": { write: 0 } });
  });

  test("whether somebody is in a named group takes five requests, changes pending or not (Entra's reference check)", () => {
    const named = Object.entries(few).filter(([what]) => what.startsWith("id and members eq"));
    expect(named.map(([, { calls }]) => calls)).toEqual([5, 5, 5, 5]);
  });
});

describe("the groups of somebody", () => {
  test("take a request for each partition of the heads, however many groups are at rest, and two for each that is not", async () => {
    let count: UnitCount = { write: 0, read: 0, calls: 0 };
    const api = await harness({
      change: (p) => {
        const counted = countingTable(p.table);
        ({ count } = counted);
        return { ...p, table: counted.table };
      },
    });
    const ann = textOf((await api.ask("POST", `${base}/Users`, { body: user("ann@example.com") })).body["id"]);
    const create = async (name: string) => {
      const body = { schemas: [groupSchema], displayName: name, members: [{ value: ann }] };
      const id = textOf((await api.ask("POST", `${base}/Groups`, { body })).body["id"]);
      return async () =>
        await apply({ ...api.provisioning, workerId: "w" }, "changes", { type: "Group", id, version: 1 });
    };
    const ask = async () => {
      const before = count.calls;
      const filter = encodeURIComponent(`members eq "${ann}"`);
      const { body } = await api.ask("GET", `${base}/Groups?filter=${filter}&excludedAttributes=members`);
      return { calls: count.calls - before, groups: body["totalResults"] };
    };
    const grow = async (size: number) => {
      for (let n = 0; n < size; n += 1) await (await create(`${size}-${n}`))();
      await api.provisioning.clock.sleep(settledMs);
      // The first request of a minute notes the contact and the traffic.
      await ask();
      return await ask();
    };
    const few = await grow(2);
    expect(few).toEqual({ calls: 19, groups: 2 });
    expect(await grow(150)).toEqual({ calls: 19, groups: 152 });
    for (const name of ["one that waits", "another"]) await create(name);
    expect(await ask()).toEqual({ calls: 19 + 2 * 2, groups: 154 });
    api.close();
  });
});
