/** What remains of a person: everything that holds a name has an end (docs/security.md, decisions/0007). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { acme, groupSchema, patch, user } from "../local/served.ts";
import { type PrintingWorld, printingWorld } from "./printing-world.ts";

const users = "/scim/v2/Users";
const dayMinutes = 24 * 60;
const address = "wilhelmina@quarrelsome.example.com";
const values = [address, "Wilhelmina", "Quarrelsome", "E-99817", "+49 30 5550199", "former-name", "refused-name"];

let world: PrintingWorld;
let id: string;
const { events: _, ...silent } = acme;
beforeEach(async () => await begin(silent));

async function begin(tenant: Tenant): Promise<void> {
  world = await printingWorld(tenant, 1);
  const made = await world.ask("POST", users, {
    body: user("former-name@quarrelsome.example.com", {
      externalId: "E-99817",
      name: { givenName: "Wilhelmina", familyName: "Quarrelsome" },
      phoneNumbers: [{ value: "+49 30 5550199" }],
      emails: [{ value: address }],
    }),
  });
  ({ id } = JSON.parse(made?.body ?? ""));
  await world.ask("PATCH", `${users}/${id}`, { body: patch({ op: "replace", path: "userName", value: address }) });
  // She is searched for, refused, and in a group.
  await world.ask("GET", `${users}?filter=userName+eq+"refused-name@quarrelsome.example.com"`);
  await world.ask("POST", users, { body: user(address) });
  await world.ask("POST", "/scim/v2/Groups", {
    body: { schemas: [groupSchema], displayName: "Sales", members: [{ value: id }] },
  });
  await world.pass(2, 1);
}
afterEach(() => world.close());

const found = (text: string) => values.filter((value) => text.toLowerCase().includes(value.toLowerCase()));

describe("a person", () => {
  test("who is there is found in the tables, and nowhere else", () => {
    expect(found(world.stored())).toEqual(values);
    expect(found(world.queued())).toEqual([]);
  });

  test("who was deleted is gone from the directory as soon as that is applied", async () => {
    await world.ask("DELETE", `${users}/${id}`);
    await world.pass(3, 1);
    expect(found(world.stored("directory"))).toEqual([]);
    expect(world.stored("directory")).toContain(id);
  });

  test("who was deleted is gone from everything once the evidence has ended: not even an id remains", async () => {
    await world.ask("DELETE", `${users}/${id}`);
    await world.pass(3, 1);
    await world.pass(acme.evidenceDays + 1, dayMinutes);
    await world.pass(3, 1);
    expect(found(world.stored())).toEqual([]);
    expect(world.stored().split(id).length - 1).toBe(0);
  });

  test("of a tenant with events leaves the id alone, in the last step of a group that nobody changed since", async () => {
    world.close();
    await begin({ ...acme, events: { values: true, sinks: [] } });
    await world.ask("DELETE", `${users}/${id}`);
    await world.pass(3, 1);
    await world.pass(acme.evidenceDays + 1, dayMinutes);
    await world.pass(3, 1);
    expect(found(world.stored())).toEqual([]);
    expect(world.stored().split(id).length - 1).toBe(1);
  });
});
