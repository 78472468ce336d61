import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFacts } from "../../../lib/ops/explain/facts.ts";
import { type AttributeMap, attributeMapOf } from "../../../lib/ops/person/attribute-map.ts";
import { entra } from "../explain/idp.ts";
import { idOf, minute, type World, world } from "../explain/world.ts";

const ann = "ann@example.com";
const region = { environment: { region: "eu-central-1" } };
const mapping = {
  attributes: {
    login: { from: "userName", case: "lower", required: true },
    email: { from: ['emails[type eq "work"].value', "emails.value"] },
    phone: { from: "phoneNumbers.value" },
    source: { constant: "idp" },
    costCentre: { from: "title", table: { Sales: "C-1" } },
  },
};

let w: World;
beforeEach(async () => {
  w = world();
  w.deploy({ ...region, mapping });
  await w.newToken({ idp: "entra" });
});
afterEach(() => w.close());

async function mapOf(word = ann): Promise<AttributeMap> {
  const map = attributeMapOf(await readFacts(w.operations, word, {}));
  if (map === undefined) throw new Error("nothing is stored");
  return map;
}

const line = ({ attributes }: AttributeMap, name: string) => attributes.find(({ attribute }) => attribute === name);
const said = (map: AttributeMap, path: string) => map.said.find((one) => one.path === path);

describe("the attributes of a person", () => {
  test("tell which value went where, and what is mapped to nothing", async () => {
    await entra(w).provision(ann, { title: "Sales", nickName: "Annie", userName: "Ann@example.com" });
    await w.work();
    const map = await mapOf();
    expect(said(map, "userName")).toMatchObject({ value: "Ann@example.com", gives: ["login"], isRead: true });
    expect(said(map, 'emails[type eq "work"].value')).toMatchObject({ gives: ["email"] });
    expect(said(map, "nickName")).toEqual({ path: "nickName", value: "Annie", gives: [], isRead: false });
    expect(line(map, "login")).toMatchObject({
      source: "userName",
      steps: ["lower case"],
      actual: ann,
      state: "equal",
    });
    expect(line(map, "source")).toMatchObject({ source: "constant", tried: [], actual: "idp", state: "equal" });
    expect(line(map, "phone")).toMatchObject({
      tried: [{ path: "phoneNumbers.value", found: false }],
      outcome: "absent",
      state: "equal",
    });
    // Those that give something come first, in the order of the attributes.
    expect(map.said.slice(0, 2).map(({ path }) => path)).toEqual(["userName", 'emails[type eq "work"].value']);
  });

  test("differ while another mapping made them", async () => {
    await entra(w).provision(ann, { title: "Sales" });
    await w.work();
    w.deploy({
      ...region,
      mapping: { attributes: { login: { from: "userName" }, job: { from: "title" }, costCentre: { constant: "C-9" } } },
    });
    const states = (await mapOf()).attributes.map(({ attribute, state }) => [attribute, state]);
    expect(states).toEqual(
      expect.arrayContaining([
        ["login", "equal"],
        ["job", "missing"],
        ["costCentre", "different"],
        ["email", "unmapped"],
      ]),
    );
  });

  test("say what was sent and no schema has, once, with the latest request", async () => {
    const { id } = await entra(w).provision(ann, { shoeSize: 44, hatSize: 56 });
    await w.pass(minute);
    const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    const { requestId } = await w.ask("PUT", `/Users/${id}`, { schemas, userName: ann, title: "Sales", shoeSize: 45 });
    const { notKept } = await mapOf();
    expect(notKept.map(({ path }) => path).toSorted()).toEqual(["hatSize", "shoeSize"]);
    expect(notKept.find(({ path }) => path === "shoeSize")).toMatchObject({ requestId });
  });

  test("of somebody deleted are what the tenant file keeps of the profile, and nothing was said", async () => {
    const { id } = await entra(w).provision(ann, { title: "Sales" });
    await w.work();
    await entra(w).delete(id);
    await w.work();
    expect(await mapOf(id)).toEqual({ said: [], attributes: [], notKept: [] });
  });

  test("are what was sent where the tenant file maps no such type", async () => {
    const created = await w.ask("POST", "/Groups", { displayName: "Sales", members: [] });
    await w.work();
    const map = await mapOf(idOf(created));
    expect(said(map, "displayName")).toMatchObject({ gives: ["displayName"] });
    expect(line(map, "displayName")).toMatchObject({ actual: "Sales", state: "equal" });
  });
});
