import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explain, explainGroup } from "../../../lib/ops/explain/explain.ts";
import { entra, okta } from "./idp.ts";
import { hour, idOf, minute, type World, world } from "./world.ts";

let w: World;
beforeEach(async () => {
  w = world();
  await w.newToken({ idp: "okta" });
});
afterEach(() => w.close());

const nobody = "00000000-0000-4000-8000-000000000000";
const skipping = {
  environment: { region: "eu-central-1" },
  groups: { unknownMembers: "skip" },
  mapping: { attributes: {} },
};
const sales = async () => await explainGroup(w.operations, "sales");

async function pushed(...members: readonly string[]): Promise<{ id: string; request: string }> {
  const id = idOf(await okta(w).pushGroup("Sales"));
  const { requestId } = await okta(w).addMembers(id, "Sales", ...members);
  return { id, request: requestId };
}

describe("explain group", () => {
  test("who was sent is there", async () => {
    const ann = idOf(await okta(w).create("ann@example.com"));
    const { request } = await pushed(ann);
    await w.work();
    const explained = await sales();
    expect(explained).toMatchObject({
      subject: { type: "Group", name: "Sales", foundBy: "displayName" },
      verdict: { code: "in-sync", summary: expect.stringContaining("It has 1 member.") },
      members: { sent: 1, applied: 1, isMore: false, toAdd: 0, toRemove: 0, skipped: [] },
    });
    expect(explained.evidence).toContainEqual(
      expect.objectContaining({ requestId: request, what: expect.stringMatching(/members \+1/) }),
    );
  });

  test("thousands of members that were sent at once are not read again from the log", async () => {
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    const ids: string[] = [];
    for (const letter of ["a", "b", "c"]) {
      const Operations = Array.from({ length: 800 }, (_, n) => {
        return { method: "POST", path: "/Users", bulkId: `${n}`, data: { userName: `${letter}${n}` } };
      });
      const { body } = await w.ask("POST", "/Bulk", { schemas, Operations });
      const made = (body["Operations"] ?? []) as readonly { readonly location: string }[];
      ids.push(...made.map(({ location }) => location.split("/").at(-1) ?? ""));
    }
    const { request } = await pushed(...ids);
    await w.work();
    w.breakPartitions("Delta#");
    const explained = await sales();
    expect(explained).toMatchObject({ verdict: { code: "in-sync" }, members: { sent: 2_400, applied: 2_400 } });
    const line = explained.evidence.find(({ requestId }) => requestId === request);
    expect(line?.what).toContain("members: more than are counted here");
  });

  test("while the worker does not run: who is to come and to leave, by name", async () => {
    const [ann, bob] = [idOf(await okta(w).create("ann@example.com")), idOf(await okta(w).create("bob@example.com"))];
    const { id } = await pushed(ann);
    await w.work();
    await w.pass(minute);
    await okta(w).addMembers(id, "Sales", bob);
    await w.ask("PATCH", `/Groups/${id}`, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "remove", path: `members[value eq "${ann}"]` }],
    });
    expect(await sales()).toMatchObject({
      verdict: { code: "waiting" },
      members: {
        sent: 1,
        applied: 1,
        toAdd: 1,
        toRemove: 1,
        coming: [{ id: bob, name: "bob@example.com" }],
        leaving: [{ id: ann, name: "ann@example.com" }],
      },
    });
  });

  test("members that do not exist, where they are refused: the text and the request", async () => {
    const { id, request } = await pushed(nobody);
    await w.work();
    const explained = await sales();
    expect(explained.subject.id).toBe(id);
    // The refused change came in the same moment as the group: what is later counts.
    await w.pass(minute);
    const again = await okta(w).addMembers(id, "Sales", nobody);
    expect(again.status).toBe(400);
    const refused = await sales();
    expect(refused.verdict).toEqual({
      code: "refused",
      summary: expect.stringContaining(`no User or Group has the id "${nobody}"`),
    });
    expect(refused.evidence.map(({ requestId }) => requestId)).toEqual(
      expect.arrayContaining([request, again.requestId]),
    );
  });

  describe("members that do not exist, where they are skipped", () => {
    beforeEach(() => w.deploy(skipping));

    test("who they were, and which request named them", async () => {
      const ann = idOf(await okta(w).create("ann@example.com"));
      const { request } = await pushed(ann, nobody);
      await w.work();
      const explained = await sales();
      expect(explained.verdict).toEqual({
        code: "attribute-missing",
        summary: expect.stringContaining("lacks 1 member"),
      });
      expect(explained.members).toMatchObject({
        sent: 1,
        applied: 1,
        skipped: [{ id: nobody, why: "unknown", requestId: request }],
      });
    });

    test("one that was deleted before is told from one that never was", async () => {
      const ann = idOf(await okta(w).create("ann@example.com"));
      await entra(w).delete(ann);
      await pushed(ann);
      await w.work();
      expect((await sales()).members?.skipped).toMatchObject([{ id: ann, why: "deleted" }]);
    });
  });

  test("members that came later than the name were applied when the walk over them ended", async () => {
    const ann = idOf(await okta(w).create("ann@example.com"));
    const { id } = await pushed();
    await w.work();
    await w.pass(5 * minute);
    await okta(w).addMembers(id, "Sales", ann);
    await w.pass(minute);
    await w.work();
    await w.pass(minute);
    const { steps } = await sales();
    const reasonOf = (name: string) => steps.find((step) => step.name === name)?.reason;
    expect(reasonOf("accept")).toMatch(/was accepted 2 min ago/);
    expect(reasonOf("apply")).toMatch(/was applied (60 s|1 min) ago/);
  });

  test("a member who is deleted leaves, and the log says that Rollcall did it", async () => {
    const ann = idOf(await okta(w).create("ann@example.com"));
    await pushed(ann);
    await w.work();
    await w.pass(hour);
    await entra(w).delete(ann);
    await w.work();
    const explained = await sales();
    expect(explained).toMatchObject({ verdict: { code: "in-sync" }, members: { applied: 0 } });
    expect(explained.evidence).toContainEqual(
      expect.objectContaining({ tokenId: "rollcall", what: expect.stringContaining("by Rollcall") }),
    );
  });

  test("a group that was never named", async () => {
    await okta(w).create("ann@example.com");
    await w.pass(minute);
    await okta(w).search("bob@example.com");
    const explained = await explainGroup(w.operations, "Research");
    expect(explained.verdict).toEqual({ code: "never-named", summary: expect.stringContaining("not pushed by Okta") });
    expect(explained.actions[0]?.text).toContain("Push Groups");
    expect(JSON.stringify(explained)).not.toMatch(/person|Assign it/);
    expect(explained).not.toHaveProperty("members");
  });

  test("a person of the same name is not meant", async () => {
    await okta(w).create("sales");
    await w.pass(minute);
    const { id } = await pushed();
    await w.work();
    expect((await sales()).subject.id).toBe(id);
    expect((await explain(w.operations, "sales")).subject.type).toBe("User");
  });
});
