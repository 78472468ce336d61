import { beforeEach, describe, expect, test } from "vitest";
import { readChanges } from "../../lib/provisioning/change.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { importResource, takeBack } from "../../lib/provisioning/import-resource.ts";
import { readLeavers } from "../../lib/provisioning/leavers.ts";
import type { ImportedBy } from "../../lib/provisioning/tenant.ts";
import {
  createResource,
  deleteResource,
  patchResource,
  replaceResource,
  type Written,
} from "../../lib/provisioning/write-resource.ts";
import { readResource } from "../../lib/scim/resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";

const adaId = "0b9a1f6e-7d1c-4f3e-9a55-2f5f0c6d7e81";
const bobId = "1b9a1f6e-7d1c-4f3e-9a55-2f5f0c6d7e82";
const own = { requestId: "import-one-1", tokenId: "import-one", importId: "one" };
const ada: JsonObject = { userName: "ada@example.com", emails: [{ value: "ada@corp.example.com" }], externalId: "A-1" };

let world: CalmWorld;
let requests = 0;
beforeEach(() => {
  world = new CalmWorld();
});

function matchBy(...importedBy: readonly ImportedBy[]): void {
  world.tenant = { ...world.tenant, importedBy };
}

async function bring(body: JsonObject = ada, id = adaId): Promise<boolean> {
  return await world.run((w) => importResource(w, userType, id, readResource(userType, body), own));
}

async function post(body: JsonObject): Promise<Written> {
  return await world.run((w) => createResource(w, userType, body, asked(`r${(requests += 1)}`)));
}

async function imported(id = adaId): Promise<string | undefined> {
  return (await world.run((w) => readHead(w.table, "User", id)))?.imported;
}

async function undo(id = adaId): Promise<boolean> {
  return await world.run((w) => takeBack(w, userType, id, own));
}

describe("a POST for somebody who was imported", () => {
  test.each<[ImportedBy[], JsonObject]>([
    [["userName"], { userName: "ADA@example.com", title: "Countess" }],
    [["externalId", "userName"], { userName: "ADA@example.com", title: "Countess" }],
    [["emails.value"], { userName: "ada.new@example.com", emails: [{ value: "Ada@corp.example.com" }] }],
    [["externalId"], { userName: "ada.new@example.com", externalId: "A-1" }],
    [["userName", "emails.value", "externalId"], { userName: "ada.new@example.com", externalId: "A-1" }],
  ])("by %j is answered with that one, who becomes what the POST says", async (by, body) => {
    matchBy(...by);
    await bring();
    const { state } = await post(body);
    expect(state.id).toBe(adaId);
    expect(state.resource).toEqual({ active: true, ...body });
    expect(await imported()).toBeUndefined();
    expect(await undo()).toBe(false);
  });

  test("is a change of its own even when nothing is different", async () => {
    await bring();
    const { state } = await post(ada);
    expect(state).toMatchObject({ id: adaId, version: 2 });
    expect((await world.run((w) => readChanges(w.table, adaId, 0))).map(({ tokenId }) => tokenId)).toEqual([
      "import-one",
      "t",
    ]);
  });

  test.each<ImportedBy[][]>([[["userName"]], [["externalId"]]])(
    "of ten at once, by %j, one takes over and the others are refused",
    async (by) => {
      matchBy(...by);
      await bring();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, async (_, n) => {
          return await post({ ...ada, title: `t${n}` }).then(
            ({ state }) => state.id,
            (error: { status: number }) => String(error.status),
          );
        }),
      );
      expect(outcomes.toSorted()).toEqual([adaId, ...Array.from({ length: 9 }, () => "409")].toSorted());
    },
  );

  test("a second one is refused as ever", async () => {
    await bring();
    await post(ada);
    await expect(post(ada)).rejects.toMatchObject({ status: 409, scimType: "uniqueness" });
  });

  test.each<[string, ImportedBy[], JsonObject]>([
    ["by what the tenant does not match by", ["externalId"], { userName: "ada@example.com" }],
    ["when the other value is taken", ["externalId"], { userName: "bob@example.com", externalId: "A-1" }],
  ])("is refused %s", async (_case, by, body) => {
    matchBy(...by);
    await bring();
    await bring({ userName: "bob@example.com" }, bobId);
    await expect(post(body)).rejects.toMatchObject({ status: 409 });
    expect(await imported()).toBe("one");
  });

  test("is refused when two have the e-mail address, whatever the userName says", async () => {
    matchBy("emails.value", "userName");
    await bring();
    await bring({ userName: "bob@example.com", emails: [{ value: "ada@corp.example.com" }] }, bobId);
    await expect(post(ada)).rejects.toMatchObject({ status: 409 });
  });

  test("an imported one whom another has spoken of is not taken over", async () => {
    await bring();
    const body = { Operations: [{ op: "replace", value: { title: "Countess" } }] };
    await world.run((w) => patchResource(w, userType, adaId, body, asked("p")));
    await expect(post(ada)).rejects.toMatchObject({ status: 409 });
  });
});

describe("the mark of an import", () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      "a PATCH",
      () =>
        world.run((w) =>
          patchResource(w, userType, adaId, { Operations: [{ op: "add", value: { title: "x" } }] }, asked("x")),
        ),
    ],
    ["a PUT", () => world.run((w) => replaceResource(w, userType, adaId, { userName: "a@example.com" }, asked("x")))],
    [
      "a PATCH that changes nothing",
      () =>
        world.run((w) =>
          patchResource(
            w,
            userType,
            adaId,
            { Operations: [{ op: "replace", value: { externalId: "A-1" } }] },
            asked("x"),
          ),
        ),
    ],
  ])("goes with %s, and then nobody takes it back", async (_what, change) => {
    await bring();
    expect(await imported()).toBe("one");
    await change();
    expect(await imported()).toBeUndefined();
    expect(await undo()).toBe(false);
    expect((await world.run((w) => readHead(w.table, "User", adaId)))?.state).toBe("live");
  });

  test("whoever has it is taken back, and is no leaver", async () => {
    await bring();
    await world.work();
    expect(await undo()).toBe(true);
    await world.work();
    const head = await world.run((w) => readHead(w.table, "User", adaId));
    expect(head).toMatchObject({ state: "deleted", applied: 2 });
    expect(head?.leftAt).toBeUndefined();
    expect(await world.run((w) => readLeavers(w.table, { since: 0, most: 10 }))).toEqual([]);
  });
});

describe("a row that is imported again", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["nobody has touched", async () => {}],
    ["the identity provider has taken over", async () => await post(ada)],
    ["was deleted since", async () => await world.run((w) => deleteResource(w, userType, adaId, asked("d")))],
  ])("is passed over when it was written and %s", async (_case, meanwhile) => {
    expect(await bring()).toBe(true);
    await meanwhile();
    const before = await world.run((w) => readHead(w.table, "User", adaId));
    expect(await bring({ ...ada, title: "Countess" })).toBe(false);
    expect(await world.run((w) => readHead(w.table, "User", adaId))).toEqual(before);
  });

  test("is refused where somebody else has its id or its userName", async () => {
    const { state } = await post({ userName: "eve@example.com" });
    await expect(bring(ada, state.id)).rejects.toMatchObject({ status: 409 });
    await expect(bring({ userName: "eve@example.com" })).rejects.toMatchObject({ status: 409 });
    expect((await world.run((w) => readHead(w.table, "User", state.id)))?.version).toBe(1);
  });
});
