/** The races that peers lose, on any table: what fifty callers at once may expect. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { apply, type Worker } from "../../lib/provisioning/apply.ts";
import type { Lane, Table } from "../../lib/provisioning/ports.ts";
import { importResource } from "../../lib/provisioning/import-resource.ts";
import { readResource } from "../../lib/provisioning/read-resource.ts";
import { createResource, patchResource, type Written } from "../../lib/provisioning/write-resource.ts";
import { readResource as readBody } from "../../lib/scim/resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { systemChance, systemClock } from "../../lib/system.ts";
import { simulatedTenant } from "../simulation/tenant.ts";

const many = 50;
const silent: Lane = { send: async () => {}, sendAll: async () => {}, bury: async () => {}, depth: async () => 0 };
const call = () => ({ caller: { requestId: randomUUID(), tokenId: "race" } });
const atOnce = <T>(count: number, run: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)));

export function racesContract(name: string, make: () => Promise<{ table: Table; close(): Promise<void> }>): void {
  describe(`races on ${name}`, () => {
    const withWorker = async (run: (w: Worker) => Promise<void>) => {
      const store = await make();
      const { table } = store;
      const lanes = { leavers: silent, changes: silent };
      try {
        await run({
          table,
          lanes,
          clock: systemClock,
          chance: systemChance,
          tenant: simulatedTenant(false),
          workerId: "race",
        });
      } finally {
        await store.close();
      }
    };
    const newUser = (w: Worker) => createResource(w, userType, { userName: randomUUID(), title: "x" }, call());
    const members = async (w: Worker, id: string) =>
      (await readResource(w, groupType, id, { members: true, groups: false })).members?.map((member) => member.id);
    const patchMembers = (w: Worker, id: string, operation: object) =>
      patchResource(w, groupType, id, { Operations: [operation] }, call());

    test(`${many} creates of one userName: exactly one wins, the others are told 409 (R15)`, async () => {
      await withWorker(async (w) => {
        const userName = randomUUID();
        const outcomes = await atOnce(many, () =>
          createResource(w, userType, { userName, title: "x" }, call()).then(
            () => 201,
            (error: { status: number }) => error.status,
          ),
        );
        expect(outcomes.filter((status) => status === 201)).toHaveLength(1);
        expect(outcomes.filter((status) => status === 409)).toHaveLength(many - 1);
      });
    });

    test(`${many} POSTs of somebody who was imported: one takes over, the others are told 409`, async () => {
      await withWorker(async (w) => {
        const [id, userName, externalId] = [randomUUID(), randomUUID(), randomUUID()];
        const importing = { ...call().caller, importId: "one" };
        await importResource(w, userType, id, readBody(userType, { userName, externalId }), importing);
        const matching: Worker = { ...w, tenant: { ...w.tenant, importedBy: ["externalId"] } };
        const outcomes = await atOnce(many, async (n) => {
          const body = { userName: `${userName}-new`, externalId, title: `t${n}` };
          return await createResource(matching, userType, body, call()).then(
            ({ state }) => state.id,
            (error: { status: number }) => String(error.status),
          );
        });
        expect(outcomes.toSorted()).toEqual([...Array.from({ length: many - 1 }, () => "409"), id].toSorted());
      });
    });

    test(`${many} PATCHes that add a member each: all are there, accepted and applied; ${many} that remove: none is left (R83)`, async () => {
      await withWorker(async (w) => {
        const users = (await atOnce(many, () => newUser(w))).map(({ state }) => state.id);
        const { state }: Written = await createResource(w, groupType, { displayName: randomUUID() }, call());
        const stored = async () => {
          await apply(w, "changes", { type: "Group", id: state.id, version: 0 });
          const page = await w.table.query({
            table: "directory",
            pk: `Group#${state.id}`,
            from: "Member#",
            to: "Member#~",
          });
          return page.items.map((item) => item.sk.slice("Member#".length));
        };
        await atOnce(many, (n) =>
          patchMembers(w, state.id, { op: "Add", path: "members", value: [{ value: users[n] }] }),
        );
        expect(await members(w, state.id)).toEqual(users.toSorted());
        expect(await stored()).toEqual(users.toSorted());
        await atOnce(many, (n) => patchMembers(w, state.id, { op: "remove", path: `members[value eq "${users[n]}"]` }));
        expect(await members(w, state.id)).toEqual([]);
        expect(await stored()).toEqual([]);
      });
    });

    test("eight PATCHes of eight attributes of one user: all are there (R83)", async () => {
      await withWorker(async (w) => {
        const { state } = await newUser(w);
        const names = [
          "displayName",
          "nickName",
          "title",
          "userType",
          "locale",
          "timezone",
          "preferredLanguage",
          "externalId",
        ];
        await atOnce(names.length, (n) =>
          patchResource(
            w,
            userType,
            state.id,
            { Operations: [{ op: "replace", path: names[n], value: `v${n}` }] },
            call(),
          ),
        );
        const { resource } = await readResource(w, userType, state.id, { members: false, groups: false });
        expect(names.map((attribute) => resource[attribute])).toEqual(names.map((_, n) => `v${n}`));
      });
    });
  });
}
