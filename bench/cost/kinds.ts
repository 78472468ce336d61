/** What an identity provider asks, one request each: each kind prepares its world, and can then be asked once. */
import { randomUUID } from "node:crypto";
import { apply, type Worker } from "../../lib/provisioning/apply.ts";
import { createResource } from "../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { bodyOfUser, callerOfBench, nameOfBench } from "../operations.ts";

export interface Asked {
  readonly method: string;
  /** Below `/scim/v2`. */
  readonly path: string;
  readonly body?: object;
}

export interface Kind {
  readonly name: string;
  readonly status: number;
  readonly prepare: (w: Worker) => Promise<Asked>;
}

const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
const patch = (...Operations: object[]) => ({ schemas, Operations });

async function applied(w: Worker, type: typeof userType, body: object): Promise<string> {
  const { state } = await createResource(w, type, body, callerOfBench());
  await apply(w, "changes", { type: type.id, id: state.id, version: state.version });
  return state.id;
}

const newUser = async (w: Worker, name = nameOfBench()) => await applied(w, userType, bodyOfUser(name));

const changing = (name: string, operation: object): Kind => ({
  name,
  status: 200,
  prepare: async (w) => ({ method: "PATCH", path: `/Users/${await newUser(w)}`, body: patch(operation) }),
});

const looking = (name: string, prepare: Kind["prepare"]): Kind => ({ name, status: 200, prepare });

const byName = (name: string) => `/Users?filter=${encodeURIComponent(`userName eq "${name}@contoso.example"`)}`;

/** The group is made once, of 30 members, and grows. */
function adding(count: number): Kind {
  let group: string | undefined;
  const members = async (w: Worker, many: number) => {
    const ids: object[] = [];
    for (let n = 0; n < many; n += 1) ids.push({ value: await newUser(w) });
    return ids;
  };
  return {
    name: count === 1 ? "add a member to a group" : `add ${count} members to a group`,
    status: 204,
    prepare: async (w) => {
      const displayName = `bench ${randomUUID()}`;
      group ??= await applied(w, groupType, { displayName, members: await members(w, 30) });
      const value = await members(w, count);
      return { method: "PATCH", path: `/Groups/${group}`, body: patch({ op: "add", path: "members", value }) };
    },
  };
}

/** Afresh for each store. */
export const kinds = (): Kind[] => [
  {
    name: "create a user",
    status: 201,
    prepare: async () => ({ method: "POST", path: "/Users", body: bodyOfUser(nameOfBench()) }),
  },
  changing("patch one attribute", { op: "replace", path: "title", value: "Countess" }),
  changing("deactivate a user", { op: "replace", path: "active", value: false }),
  {
    name: "delete a user",
    status: 204,
    prepare: async (w) => ({ method: "DELETE", path: `/Users/${await newUser(w)}` }),
  },
  adding(1),
  adding(100),
  looking("look up by userName", async (w) => {
    const name = nameOfBench();
    await newUser(w, name);
    return { method: "GET", path: byName(name) };
  }),
  looking("look up somebody who is not there", async () => ({ method: "GET", path: byName(nameOfBench()) })),
  looking("get a user", async (w) => ({ method: "GET", path: `/Users/${await newUser(w)}` })),
  looking("list a page of 100", async () => ({ method: "GET", path: "/Users?startIndex=1&count=100" })),
];
