/** A reader between all the steps of walks: each answer is the state that was accepted at the version of its ETag. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apply } from "../../lib/provisioning/apply.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { crowd } from "../crowd.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { type Harness, harness, textOf } from "./harness.ts";

const base = "/scim/v2";

interface Accepted {
  readonly name: string;
  readonly members: readonly string[];
}

let api: Harness;
let everybody: string[];
beforeAll(async () => {
  api = await harness();
  const ann = textOf((await api.ask("POST", `${base}/Users`, { body: user("ann@example.com") })).body["id"]);
  everybody = await crowd(api.provisioning.table, ann, 120);
});
afterAll(() => api.close());

/** A group, what was accepted of it by version, and what a reader saw. */
async function watchedGroup(first: Accepted) {
  const accepted: Accepted[] = [{ name: "", members: [] }, first];
  const refs = (ids: readonly string[]) => ids.map((value) => ({ value }));
  const bodyOf = ({ name, members }: Accepted) => ({
    schemas: [groupSchema],
    displayName: name,
    members: refs(members),
  });
  const id = textOf((await api.ask("POST", `${base}/Groups`, { body: bodyOf(first) })).body["id"]);
  const now = () => accepted.at(-1) ?? first;
  const asks = async (method: string, body: object, next: Accepted) => {
    const { headers } = await api.ask(method, `${base}/Groups/${id}`, { body });
    accepted.push(next);
    expect(headers["etag"]).toBe(`W/"${accepted.length - 1}"`);
  };
  const isMember = (ids: readonly string[], text: string) => ids.includes(text);
  /** Always the newest: nobody writes while it reads. */
  const reads = async (who: string) => {
    const whole = await api.ask("GET", `${base}/Groups/${id}`);
    const members = ((whole.body["members"] ?? []) as { value: string }[]).map(({ value }) => value);
    const { name, members: wanted } = now();
    expect([whole.headers["etag"], whole.body["displayName"], members]).toEqual([
      `W/"${accepted.length - 1}"`,
      name,
      [...wanted].sort(),
    ]);
    for (const filter of [
      `members eq "${who}"`,
      `id eq "${id}" and members eq "${who}"`,
      `displayName sw "${name}" and members[value eq "${who}"]`,
    ]) {
      const query = `filter=${encodeURIComponent(filter)}&excludedAttributes=members`;
      const { body } = await api.ask("GET", `${base}/Groups?${query}`);
      const found = (body["Resources"] ?? []) as JsonObject[];
      expect([filter, found.some((group) => group["id"] === id)]).toEqual([filter, isMember(wanted, who)]);
    }
  };
  return {
    id,
    reads,
    replaces: async (next: Accepted) => await asks("PUT", bodyOf(next), next),
    adds: async (who: string) => {
      const next = { ...now(), members: [...now().members, who] };
      await asks("PATCH", patch({ op: "add", path: "members", value: refs([who]) }), next);
    },
    removes: async (who: string) => {
      const next = { ...now(), members: now().members.filter((one) => one !== who) };
      await asks("PATCH", patch({ op: "remove", path: `members[value eq "${who}"]` }), next);
    },
    renames: async (name: string) => {
      await asks("PATCH", patch({ op: "replace", path: "displayName", value: name }), { ...now(), name });
    },
  };
}

describe("a reader in a loop while walks are under way (R22, traps 2, 5, 8)", () => {
  test("sees only states that existed, whole and by filters on members", async () => {
    const group = await watchedGroup({ name: "one", members: everybody.slice(0, 60) });
    const { table, clock } = api.provisioning;
    let steps = 0;
    /** Around each transaction of the worker: the reader, and now and then another change. */
    const watched: Table = {
      ...table,
      transact: async (writes) => {
        const who = everybody[(steps * 7) % everybody.length] ?? "";
        await group.reads(who);
        await table.transact(writes);
        await group.reads(who);
        steps += 1;
        if (steps === 5) await group.adds(everybody[119] ?? "");
        if (steps === 9) await group.renames("two");
        if (steps === 14) await group.replaces({ name: "three", members: everybody.slice(40, 100) });
        if (steps === 19) await group.removes(everybody[41] ?? "");
        if (steps === 25) await group.replaces({ name: "four", members: [] });
        if (steps === 33) await group.replaces({ name: "five", members: everybody });
      },
    };
    const worker = { ...api.provisioning, table: watched, workerId: "worker", stepMembers: 4 };
    const work = async () => await apply(worker, "changes", { type: "Group", id: group.id, version: 1 });
    await work();
    expect(steps).toBeGreaterThan(40);
    // At rest, the partitions of the members alone say who is in the group.
    await clock.sleep(61_000);
    for (const who of [everybody[0] ?? "", everybody[119] ?? ""]) await group.reads(who);
    await group.replaces({ name: "six", members: everybody.slice(1) });
    await clock.sleep(61_000);
    await group.reads(everybody[0] ?? "");
    await work();
    await group.reads(everybody[0] ?? "");
  });
});
