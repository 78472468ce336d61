/** Read, and what an answer shows: RFC 7644 sections 3.4.1, 3.4.2.5 and 3.9. */
import { describe, expect, test } from "vitest";
import { scimApi, users } from "./scim-api.ts";

const api = scimApi();

describe("read (RFC 7644 3.4.1)", () => {
  test("200 with the resource and its ETag; 404 for an id that is unknown (R23)", async () => {
    const id = await api.newUser();
    const { status, headers, body } = await api.ask("GET", `${users}/${id}`);
    expect([status, headers["etag"]]).toEqual([200, 'W/"1"']);
    expect(body["meta"]).toMatchObject({ version: headers["etag"] });
    for (const unknown of ["none", id.toUpperCase(), `${id}x`])
      expect((await api.ask("GET", `${users}/${unknown}`)).status).toBe(404);
  });

  test("who is inactive is still there, by id and in lists (R24)", async () => {
    const id = await api.newUser({ userName: "left@example.com", active: false });
    expect(await api.getUser(id)).toMatchObject({ active: false });
    expect(await api.found('userName eq "left@example.com"')).toEqual(["left@example.com"]);
    expect(await api.found("active eq false")).toEqual(["left@example.com"]);
  });

  test.each([
    ["attributes=userName", ["id", "schemas", "userName"]],
    ["attributes=NAME.givenname", ["id", "name", "schemas"]],
    ["attributes=urn:ietf:params:scim:schemas:core:2.0:User:userName", ["id", "schemas", "userName"]],
    ["attributes=unknown", ["id", "schemas"]],
    ["excludedAttributes=id,schemas,meta,emails,name", ["active", "id", "schemas", "userName"]],
    ["attributes=password", ["id", "schemas"]],
  ])("?%s shows %j (R25, R26, R102)", async (query, names) => {
    const more = { name: { givenName: "Ada", familyName: "L" }, emails: [{ value: "a@example.com", type: "work" }] };
    const id = await api.newUser({ ...more, password: "secret" });
    const { body } = await api.ask("GET", `${users}/${id}?${query}`);
    expect(Object.keys(body).toSorted()).toEqual(names);
  });

  test("a sub-attribute that is named comes alone (R25)", async () => {
    const id = await api.newUser({ name: { givenName: "Ada", familyName: "L" } });
    expect((await api.ask("GET", `${users}/${id}?attributes=NAME.givenname`)).body["name"]).toEqual({
      givenName: "Ada",
    });
  });

  test("values are given back as they were sent (R110)", async () => {
    const sent = {
      userName: "Ada.Lovelace@Example.COM",
      title: "  Chief  of — Staff ",
      phoneNumbers: [{ value: "+49 (0) 30/1234-5", type: "cell" }],
    };
    expect(await api.getUser(await api.newUser(sent))).toMatchObject(sent);
  });

  test("created stays; lastModified moves with a change and not without (R28)", async () => {
    const id = await api.newUser({ title: "a" });
    const { meta: first } = await api.getUser(id);
    await api.patchUser(id, { op: "replace", path: "title", value: "a" });
    expect((await api.getUser(id))["meta"]).toEqual(first);
    await api.patchUser(id, { op: "replace", path: "title", value: "b" });
    expect((await api.getUser(id))["meta"]).toMatchObject({ version: 'W/"2"' });
  });
});
