/** The operations that are measured: one accept each, and one apply. */
import { randomUUID } from "node:crypto";
import { apply, type Worker } from "../lib/provisioning/apply.ts";
import type { Pointer } from "../lib/provisioning/ports.ts";
import { readResource } from "../lib/provisioning/read-resource.ts";
import { search } from "../lib/provisioning/search.ts";
import { createResource, deleteResource, patchResource, replaceResource } from "../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../lib/scim/resource-type.ts";

/** A user of just under 900 bytes with three e-mails, as an identity provider sends it. */
export function bodyOfUser(name: string): object {
  return {
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:User",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ],
    externalId: `ext-${name}`,
    userName: `${name}@contoso.example`,
    active: true,
    displayName: `Ada ${name} Lovelace`,
    title: "Principal Engineer",
    preferredLanguage: "en-GB",
    name: { formatted: `Ada ${name} Lovelace`, familyName: "Lovelace", givenName: "Ada" },
    emails: [
      { primary: true, type: "work", value: `${name}@contoso.example` },
      { type: "home", value: `${name}@home.example` },
      { type: "other", value: `${name}@other.example` },
    ],
    phoneNumbers: [{ type: "work", value: "+44 20 7946 0000" }],
    addresses: [
      { type: "work", locality: "London", postalCode: "EC1A 1BB", country: "GB", formatted: "12 St James's Square" },
    ],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
      employeeNumber: "10042",
      department: "Analytical Engines",
    },
  };
}

export interface Operation {
  readonly name: string;
  /** Prepares, outside the measurement; what it gives is measured. */
  readonly prepare: (w: Worker) => Promise<() => Promise<unknown>>;
}

export const callerOfBench = () => ({ caller: { requestId: randomUUID(), tokenId: "bench" } });
export const nameOfBench = () => randomUUID().slice(0, 13);
const patch = (...Operations: object[]) => ({ Operations });

async function newUser(w: Worker, applied: boolean): Promise<Pointer> {
  const { state } = await createResource(w, userType, bodyOfUser(nameOfBench()), callerOfBench());
  const pointer = { type: "User", id: state.id, version: state.version };
  if (applied) await apply(w, "changes", pointer);
  return pointer;
}

/** An applied group of so many members. */
async function newGroup(w: Worker, members: readonly string[]): Promise<Pointer> {
  const body = { displayName: `bench ${randomUUID()}`, members: members.map((value) => ({ value })) };
  const { state } = await createResource(w, groupType, body, callerOfBench());
  const pointer = { type: "Group", id: state.id, version: state.version };
  await apply(w, "changes", pointer);
  return pointer;
}

function groupOperations(size: number): Operation[] {
  let group: Pointer | undefined;
  const grown = async (w: Worker) => {
    if (group !== undefined) return group;
    const members: string[] = [];
    for (let n = 0; n < size; n += 1) members.push((await newUser(w, false)).id);
    return (group = await newGroup(w, members));
  };
  const adding = async (w: Worker) => {
    const [to, user] = [await grown(w), await newUser(w, false)];
    return {
      to,
      add: () =>
        patchResource(
          w,
          groupType,
          to.id,
          patch({ op: "add", path: "members", value: [{ value: user.id }] }),
          callerOfBench(),
        ),
    };
  };
  return [
    {
      name: `accept: add a member to ${size}`,
      prepare: async (w) => {
        const { to, add } = await adding(w);
        return async () => {
          await add();
          return to;
        };
      },
    },
    {
      name: `apply: add a member to ${size}`,
      prepare: async (w) => {
        const { to, add } = await adding(w);
        await apply(w, "changes", to);
        await add();
        return () => apply(w, "changes", to);
      },
    },
  ];
}

/** Afresh for each store: the groups are made once and grow. */
export const operations = (): Operation[] => [
  {
    name: "accept: create a user",
    prepare: async (w) => {
      const body = bodyOfUser(nameOfBench());
      return () => createResource(w, userType, body, callerOfBench());
    },
  },
  {
    name: "apply: create a user",
    prepare: async (w) => {
      const user = await newUser(w, false);
      return () => apply(w, "changes", user);
    },
  },
  {
    name: "accept: patch one attribute",
    prepare: async (w) => {
      const { id } = await newUser(w, true);
      return () =>
        patchResource(w, userType, id, patch({ op: "replace", path: "title", value: "Countess" }), callerOfBench());
    },
  },
  {
    name: "apply: patch one attribute",
    prepare: async (w) => {
      const user = await newUser(w, true);
      await patchResource(
        w,
        userType,
        user.id,
        patch({ op: "replace", path: "title", value: "Countess" }),
        callerOfBench(),
      );
      return () => apply(w, "changes", user);
    },
  },
  {
    name: "accept: replace a user",
    prepare: async (w) => {
      const { id } = await newUser(w, true);
      const body = { ...bodyOfUser(nameOfBench()), title: "Countess" };
      return () => replaceResource(w, userType, id, body, callerOfBench());
    },
  },
  {
    name: "accept: deactivate",
    prepare: async (w) => {
      const { id } = await newUser(w, true);
      return () => patchResource(w, userType, id, patch({ op: "replace", value: { active: false } }), callerOfBench());
    },
  },
  {
    name: "accept: delete a user",
    prepare: async (w) => {
      const { id } = await newUser(w, true);
      return () => deleteResource(w, userType, id, callerOfBench());
    },
  },
  {
    name: "apply: delete a user",
    prepare: async (w) => {
      const user = await newUser(w, true);
      await deleteResource(w, userType, user.id, callerOfBench());
      return () => apply(w, "leavers", user);
    },
  },
  {
    name: "read: a user by id",
    prepare: async (w) => {
      const { id } = await newUser(w, true);
      return () => readResource(w, userType, id, { members: false, groups: false });
    },
  },
  {
    name: "read: a user by userName",
    prepare: async (w) => {
      const name = nameOfBench();
      await createResource(w, userType, bodyOfUser(name), callerOfBench());
      const asked = { filter: `userName eq "${name}@contoso.example"`, startIndex: 1, count: 100 };
      return () => search(w, userType, asked, { members: false, groups: false });
    },
  },
  ...groupOperations(10),
  ...groupOperations(300),
];
