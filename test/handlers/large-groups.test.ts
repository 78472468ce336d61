/** A group's whole membership in one request: accepted at once, applied in steps, whatever becomes of the workers. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apply } from "../../lib/provisioning/apply.ts";
import { entryPartition, memberPrefix, reverseKey } from "../../lib/provisioning/keys.ts";
import type { Check, Table, Write } from "../../lib/provisioning/ports.ts";
import { queryAll } from "../../lib/provisioning/query-all.ts";
import { resultOf } from "../../lib/handlers/http.ts";
import { groupType } from "../../lib/scim/resource-type.ts";
import { represent } from "../../lib/scim/representation.ts";
import { limits } from "../../lib/scim/limits.ts";
import { crowd, idsOfCrowd } from "../crowd.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { randomFrom } from "../simulation/random.ts";
import { type Harness, harness, textOf } from "./harness.ts";

const base = "/scim/v2";
const settledMs = 61_000;

let api: Harness;
/** The table as the handler has it. */
let seen: Table;
let written: Write[];
let chunkReads: number;

beforeEach(async () => {
  written = [];
  chunkReads = 0;
  api = await harness({
    change: (p) => {
      seen = {
        ...p.table,
        write: async (write) => {
          written.push(write);
          await p.table.write(write);
        },
        batchGet: async (keys) => {
          chunkReads += keys.filter(({ pk }) => pk.startsWith("Delta#")).length;
          return await p.table.batchGet(keys);
        },
      };
      return { ...p, table: seen };
    },
  });
});
afterEach(() => api.close());

const bodyOf = (ids: readonly string[]) => ({
  schemas: [groupSchema],
  displayName: "Everybody",
  members: ids.map((value) => ({ value })),
});

async function people(size: number): Promise<string[]> {
  const ann = textOf((await api.ask("POST", `${base}/Users`, { body: user("ann@example.com") })).body["id"]);
  return await crowd(api.provisioning.table, ann, size);
}

async function groupOf(ids: readonly string[]): Promise<string> {
  return textOf((await api.ask("POST", `${base}/Groups`, { body: bodyOf(ids) })).body["id"]);
}

const work = async (id: string, table = api.provisioning.table, workerId = "worker") =>
  await apply({ ...api.provisioning, table, workerId }, "changes", { type: "Group", id, version: 1 });

async function storedMembers(id: string): Promise<string[]> {
  const ids: string[] = [];
  const range = {
    table: "directory" as const,
    pk: entryPartition("Group", id),
    from: memberPrefix,
    to: `${memberPrefix}~`,
  };
  for await (const { sk } of queryAll(api.provisioning.table, range)) ids.push(sk.slice(memberPrefix.length));
  return ids;
}

async function reversesOf(id: string, ids: readonly string[]): Promise<string[]> {
  const items = await api.provisioning.table.batchGet(ids.map((one) => reverseKey("User", one, id)));
  return ids.filter((_, n) => items[n] !== undefined);
}

const isMember = ({ key }: Write | Check) => key.pk.startsWith("Group#") && key.sk.startsWith(memberPrefix);

describe("60,000 members in one PUT", () => {
  test("are accepted in one request, answered without members, and seen by the next read", async () => {
    const id = await groupOf([]);
    // Who they are is looked at by the worker.
    const everybody = idsOfCrowd(60_000);
    const body = JSON.stringify(bodyOf(everybody));
    expect(Buffer.byteLength(body)).toBeLessThan(limits.bodyBytes);
    written = [];
    const put = await api.ask("PUT", `${base}/Groups/${id}`, { body });
    expect([put.status, put.body["members"], put.headers["etag"]]).toEqual([200, undefined, 'W/"2"']);
    // Each chunk is a partition of its own: one takes a thousand write units a second, and a chunk has three hundred.
    const chunks = written.filter(({ key }) => key.pk.startsWith("Delta#"));
    expect([chunks.length, new Set(chunks.map(({ key }) => key.pk)).size]).toEqual([8, 8]);
    const group = await api.ask("GET", `${base}/Groups/${id}`, { headers: { "accept-encoding": "gzip" } });
    expect((group.body["members"] as object[]).length).toBe(60_000);
    expect((await api.ask("GET", `${base}/Groups/${id}?excludedAttributes=members`)).body["members"]).toBeUndefined();
  });

  test("are not written again by a request that lost a race", async () => {
    const id = await groupOf([]);
    const everybody = await people(3_000);
    const before = { ...seen };
    let lost = 0;
    seen.transact = async (writes) => {
      // Somebody is quicker, once.
      if (lost === 0 && writes.some(({ key }) => key.pk === `Log#${id}`)) {
        lost += 1;
        const body = patch({ op: "replace", path: "displayName", value: "x" });
        await api.ask("PATCH", `${base}/Groups/${id}`, { body });
      }
      await before.transact(writes);
    };
    written = [];
    expect((await api.ask("PUT", `${base}/Groups/${id}`, { body: bodyOf(everybody) })).headers["etag"]).toBe('W/"3"');
    expect([lost, written.filter(({ key }) => key.pk.startsWith("Delta#")).length]).toEqual([1, 1]);
  });
});

describe("one answer with the members of a group (docs/protocol.md)", () => {
  /** Within Lambda's own JSON, as far as it grows with the members: it grows evenly. Units: bytes. */
  const bytesOf = (members: number, acceptEncoding: string) => {
    const ids = idsOfCrowd(members);
    const state = { id: ids[0] ?? "", resource: { displayName: "Everybody" }, version: 1, created: 0, lastModified: 0 };
    const all = ids.map((id) => ({ id, type: "User" as const }));
    const body = represent(groupType, { ...state, members: all }, "https://scim.example.com/scim/v2");
    const answer = resultOf({ status: 200, body }, { method: "GET", accept: "", acceptEncoding });
    return Buffer.byteLength(JSON.stringify(answer.body));
  };

  test.each([
    [87_000, ""],
    [210_000, "gzip"],
  ])("holds %i of them with Accept-Encoding %j, and no more than a twentieth above that", (members, acceptEncoding) => {
    const bytesOfOne = bytesOf(10_000, acceptEncoding) / 10_000;
    expect(bytesOfOne * members).toBeLessThan(limits.answerBytes);
    expect(bytesOfOne * members * 1.05).toBeGreaterThan(limits.answerBytes);
  });
});

describe("a walk of many steps", () => {
  test.each([1, 2])(
    "survives workers that die between steps and in the middle of them: each member is written once (seed %i)",
    async (seed) => {
      const everybody = await people(3_000);
      const id = await groupOf(everybody);
      const random = randomFrom(seed);
      const { table, clock } = api.provisioning;
      let puts = 0;
      const mortal: Table = {
        ...table,
        transact: async (writes) => {
          if (random.chance(0.05)) throw new Error("the worker dies before its step");
          await table.transact(writes);
          puts += writes.filter((write) => write.kind === "put" && isMember(write)).length;
          if (random.chance(0.05)) throw new Error("the worker dies behind its step");
        },
        // A dead worker notes nothing.
        write: async (write) => {
          if (write.kind === "update" && write.set?.["failure"] !== undefined) throw new Error("dead");
          await table.write(write);
        },
      };
      let workers = 0;
      for (let isDone = false; !isDone; workers += 1) {
        if (workers === 200) throw new Error("the walk does not end");
        const outcome = await work(id, mortal, `worker ${workers}`).catch(() => undefined);
        isDone = outcome?.kind === "applied" || outcome?.kind === "nothing";
        // The step of another is left alone for a while (trap 8).
        await clock.sleep(6_000);
      }
      expect(workers).toBeGreaterThan(3);
      expect(puts).toBe(3_000);
      expect(await storedMembers(id)).toEqual([...everybody].sort());
      expect(await reversesOf(id, everybody)).toEqual(everybody);
    },
  );

  test("that replaces all members writes those that differ, and reads the others by the page", async () => {
    const everybody = await people(3_010);
    const id = await groupOf(everybody.slice(0, 3_000));
    await work(id);
    await api.ask("PUT", `${base}/Groups/${id}`, { body: bodyOf(everybody.slice(10)) });
    const steps: (readonly (Write | Check)[])[] = [];
    let queries = 0;
    const { table } = api.provisioning;
    await work(id, {
      ...table,
      query: async (range) => {
        if (range.from?.startsWith(memberPrefix) === true) queries += 1;
        return await table.query(range);
      },
      transact: async (writes) => {
        steps.push(writes);
        await table.transact(writes);
      },
    });
    expect([steps.length, steps.flat().filter(isMember).length, queries]).toEqual([1, 20, 1]);
    expect(await storedMembers(id)).toEqual(everybody.slice(10).sort());
    expect(await reversesOf(id, everybody)).toEqual(everybody.slice(10));
  });

  test("costs nothing in the minute behind it: a member more does not read the large change again", async () => {
    const everybody = await people(3_001);
    const id = await groupOf(everybody.slice(0, 3_000));
    await work(id);
    const add = patch({ op: "add", path: "members", value: [{ value: everybody[3_000] }] });
    chunkReads = 0;
    expect((await api.ask("PATCH", `${base}/Groups/${id}`, { body: add })).status).toBe(204);
    expect(chunkReads).toBe(0);
    await work(id);
    await api.provisioning.clock.sleep(settledMs);
    // What is there already is then no new version, as ever.
    expect((await api.ask("PATCH", `${base}/Groups/${id}`, { body: add })).headers["etag"]).toBe('W/"2"');
  });
});
