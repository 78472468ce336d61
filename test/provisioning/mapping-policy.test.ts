import { expect, test } from "vitest";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { createResource } from "../../lib/provisioning/write-resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";

const email = { from: "emails.value", required: true };
const costCentre = { from: "title", table: { Buyer: "C-1" } };

function worldWith(policy: string, attributes: object): CalmWorld {
  const world = new CalmWorld();
  world.tenant = readTenantFile("acme", { environment: { region: "eu-central-1" }, mapping: { policy, attributes } });
  return world;
}

const create = async (world: CalmWorld, body: object) =>
  await world.run((w) => createResource(w, userType, { userName: "ann", ...body }, asked("create")));
const noEmail = { title: "Buyer" };
const oddTitle = { title: "Writer", emails: [{ value: "ann@example.com" }] };

test.each([
  ["reject", { email, costCentre: { ...costCentre, policy: "park" } }],
  ["park", { email: { ...email, policy: "reject" }, costCentre }],
])("below mapping.policy %s, an attribute's own policy decides for it", async (policy, attributes) => {
  await expect(create(worldWith(policy, attributes), noEmail)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('"email" is required'),
  });
  const world = worldWith(policy, attributes);
  await create(world, oddTitle);
  expect(await world.work()).toEqual([{ kind: "parked", code: "mapping-value-unusable" }]);
});

test("who is refused is told only of what refuses", async () => {
  const world = worldWith("reject", { email, costCentre: { ...costCentre, policy: "park" } });
  await expect(create(world, { title: "Writer" })).rejects.toMatchObject({
    message: expect.not.stringContaining("costCentre"),
  });
});
