/** Replace: RFC 7644 section 3.5.1. */
import { describe, expect, test } from "vitest";
import { user } from "../local/served.ts";
import { groups, scimApi, users } from "./scim-api.ts";

const api = scimApi();
const put = async (id: string, body: object) => await api.ask("PUT", `${users}/${id}`, { body });

describe("replace (RFC 7644 3.5.1)", () => {
  test("never creates: 404, and nobody is there afterwards (R58)", async () => {
    const unknown = "6f1f3a52-0000-4000-8000-000000000000";
    expect((await put(unknown, user("upsert@example.com"))).status).toBe(404);
    expect(await api.found('userName eq "upsert@example.com"')).toEqual([]);
  });

  test("readOnly values in the body are ignored, wrong ones too (R59, R101)", async () => {
    const id = await api.newUser({ userName: "ro@example.com" });
    const answer = await put(
      id,
      user("ro@example.com", { id: "other", meta: { version: "x" }, groups: [{ value: "g" }] }),
    );
    expect(answer).toMatchObject({ status: 200, body: { id } });
    expect(answer.body["groups"]).toBeUndefined();
  });

  test("clears what it omits, but active and externalId stay (R60, D15)", async () => {
    const id = await api.newUser({ userName: "put@example.com", externalId: "E", title: "t", active: false });
    const { status, body } = await put(id, user("put@example.com", { nickName: "n" }));
    expect([status, body["title"]]).toEqual([200, undefined]);
    expect(body).toMatchObject({ externalId: "E", active: false, nickName: "n" });
  });

  test("a group's members stay when omitted; [] empties (D15)", async () => {
    const member = await api.newUser();
    const id = await api.newGroup("Put", [member]);
    const members = async () => (await api.ask("GET", `${groups}/${id}`)).body["members"];
    await api.ask("PUT", `${groups}/${id}`, { body: { displayName: "Put again" } });
    expect(await members()).toMatchObject([{ value: member }]);
    await api.ask("PUT", `${groups}/${id}`, { body: { displayName: "Put again", members: [] } });
    expect(await members()).toBeUndefined();
  });

  test("without a required attribute: 400 invalidValue (R62)", async () => {
    const id = await api.newUser();
    expect(await put(id, { displayName: "no name" })).toMatchObject({
      status: 400,
      body: { scimType: "invalidValue" },
    });
  });

  test("one's own userName in another case is no conflict, somebody else's is (R62, R61)", async () => {
    const id = await api.newUser({ userName: "own@example.com" });
    await api.newUser({ userName: "theirs@example.com" });
    expect(await put(id, user("OWN@example.com"))).toMatchObject({
      status: 200,
      body: { userName: "OWN@example.com" },
    });
    expect(await put(id, user("Theirs@example.com"))).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
  });
});
