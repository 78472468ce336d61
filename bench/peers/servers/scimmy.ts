/**
 * scimmy with scimmy-routers on express, over Maps: the handlers that a user of it writes, as its documentation shows them.
 *
 * A userName is looked up in a Map of its own before it is taken. Every other search is `filter.match` over all resources, which
 * is what it offers.
 */
import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import type { JsonObject } from "../../../lib/scim/json.ts";
import { loadModule } from "../../load-module.ts";
import type { Control } from "../control.ts";
import { bodyOfPerson } from "../people.ts";
import { serveBeside } from "./control.ts";

interface Stored extends JsonObject {
  readonly id: string;
}

interface Asked {
  readonly id?: string;
  readonly filter?: { match(values: readonly Stored[]): Stored[] };
}

interface Declared {
  ingress(handler: (asked: Asked, data: object) => Stored): Declared;
  egress(handler: (asked: Asked) => Stored | Stored[]): Declared;
  degress(handler: (asked: Asked) => void): Declared;
}

interface Scimmy {
  readonly Resources: {
    declare(type: object): Declared;
    readonly User: { extend(schema: object, required: boolean): void };
    readonly Group: object;
  };
  readonly Schemas: { readonly EnterpriseUser: object };
  readonly Types: { readonly Error: new (status: number, scimType: string | null, message: string) => Error };
}

interface Express {
  (): RequestListener & { use(path: string, router: object): void };
}

type Routers = new (options: {
  type: string;
  handler: (request: { header(name: string): string }) => string;
}) => object;

const folder = join(import.meta.dirname, "..", "packages");
// Both forms of the package are loaded by their CommonJS half, so that the routers know the same declarations.
const { default: scimmy } = (await loadModule<{ default: { default: Scimmy } }>(folder, "scimmy")).default;
const { SCIMMYRouters } = await loadModule<{ SCIMMYRouters: Routers }>(folder, "scimmy-routers");
const { default: express } = await loadModule<{ default: Express }>(folder, "express");

const token = randomUUID();
const users = new Map<string, Stored>();
const groups = new Map<string, Stored>();
const idsByName = new Map<string, string>();
const ids: string[] = [];

const nameOf = (user: JsonObject): string =>
  (typeof user["userName"] === "string" ? user["userName"] : "").toLowerCase();

function putUser(given: JsonObject, id: string = randomUUID()): Stored {
  const owner = idsByName.get(nameOf(given));
  if (owner !== undefined && owner !== id) throw new scimmy.Types.Error(409, "uniqueness", "the userName is taken");
  const before = users.get(id);
  if (before !== undefined) idsByName.delete(nameOf(before));
  idsByName.set(nameOf(given), id);
  return kept(users, given, id);
}

function kept(store: Map<string, Stored>, given: JsonObject, id: string): Stored {
  const now = new Date().toISOString();
  const meta = { created: now, ...Object(store.get(id)?.["meta"]), lastModified: now };
  const stored = { ...given, id, meta };
  store.set(id, stored);
  return stored;
}

const found =
  (store: Map<string, Stored>) =>
  ({ id, filter }: Asked): Stored | Stored[] => {
    if (id === undefined) return filter === undefined ? [...store.values()] : filter.match([...store.values()]);
    const stored = store.get(id);
    if (stored === undefined) throw new scimmy.Types.Error(404, null, `Resource ${id} not found`);
    return stored;
  };

scimmy.Resources.User.extend(scimmy.Schemas.EnterpriseUser, false);
scimmy.Resources.declare(scimmy.Resources.User)
  .ingress(({ id }, data) => putUser({ ...data }, id))
  .egress(found(users))
  .degress(({ id = "" }) => {
    idsByName.delete(nameOf(users.get(id) ?? {}));
    users.delete(id);
  });
scimmy.Resources.declare(scimmy.Resources.Group)
  .ingress(({ id = randomUUID() }, data) => kept(groups, { ...data }, id))
  .egress(found(groups))
  .degress(({ id = "" }) => void groups.delete(id));

const app = express();
app.use(
  "/scim/v2",
  new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
      if (request.header("authorization") !== `Bearer ${token}`) throw new Error("not authorised");
      return "bench";
    },
  }),
);

const control: Control = {
  async fill(from, to) {
    for (let n = from; n < to; n += 1) ids[n] = putUser(bodyOfPerson(n)).id;
    return ids.slice(from, to);
  },
  async group(size) {
    const members = ids.slice(0, size).map((value) => ({ value, type: "User" }));
    return kept(groups, { displayName: randomUUID(), members }, randomUUID()).id;
  },
  async members(id) {
    const members = groups.get(id)?.["members"];
    return Array.isArray(members) ? members.length : 0;
  },
};

serveBeside({ scim: app, control, basePath: "/scim/v2", token });
