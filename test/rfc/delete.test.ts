/** Delete: RFC 7644 section 3.6. */
import { describe, expect, test } from "vitest";
import { patch, user } from "../local/served.ts";
import { groups, scimApi, users } from "./scim-api.ts";

const api = scimApi();

describe("delete (RFC 7644 3.6)", () => {
  test("204 without body; then 404 for GET, PUT, PATCH and DELETE (R84)", async () => {
    const id = await api.newUser({ userName: "bye@example.com" });
    expect(await api.ask("DELETE", `${users}/${id}`)).toMatchObject({ status: 204, text: "" });
    const bodies = {
      GET: undefined,
      PUT: user("bye@example.com"),
      PATCH: patch({ op: "remove", path: "title" }),
      DELETE: undefined,
    };
    for (const [method, body] of Object.entries(bodies))
      expect(await api.ask(method, `${users}/${id}`, body && { body })).toMatchObject({ status: 404 });
  });

  test("what we keep for ourselves is in no list, blocks no name and finds no filter (R85, R84)", async () => {
    const id = await api.newUser({ userName: "kept@example.com", externalId: "K" });
    await api.ask("DELETE", `${users}/${id}`);
    for (const filter of ['userName eq "kept@example.com"', 'externalId eq "K"', `id eq "${id}"`, "userName pr"])
      expect([filter, await api.found(filter)]).toEqual([filter, []]);
    expect(await api.newUser({ userName: "kept@example.com", externalId: "K" })).not.toBe(id);
  });

  test("who is deleted is in no group from that moment, and can be put into none (R85, R86)", async () => {
    const [leaver, stays] = [await api.newUser(), await api.newUser()];
    const path = `${groups}/${await api.newGroup("Team", [leaver, stays])}`;
    await api.ask("DELETE", `${users}/${leaver}`);
    expect((await api.ask("GET", path)).body["members"]).toMatchObject([{ value: stays }]);
    const body = patch({ op: "add", path: "members", value: [{ value: leaver }] });
    expect(await api.ask("PATCH", path, { body })).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });
});
