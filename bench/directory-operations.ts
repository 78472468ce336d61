/** What is asked of a directory of any size; whom it is about changes from call to call. */
import { randomUUID } from "node:crypto";
import { apply, type Worker } from "../lib/provisioning/apply.ts";
import { readResource } from "../lib/provisioning/read-resource.ts";
import { search, type Search } from "../lib/provisioning/search.ts";
import { createResource, patchResource } from "../lib/provisioning/write-resource.ts";
import { ScimError } from "../lib/scim/error.ts";
import { groupType, userType } from "../lib/scim/resource-type.ts";
import { seedExternalId, seedNumber, seedUser, seedUserName } from "./seeding/people.ts";
import { seededGroupId } from "./seeding/groups.ts";
import { seededId } from "./seeding/users.ts";

export interface DirectoryOperation {
  readonly name: string;
  /** Absent: as many as the others. */
  readonly rounds?: number;
  /** Outside the measurement; what it gives is measured, and may tell how it ended. */
  readonly prepare: (w: Worker) => Promise<() => Promise<unknown>>;
}

const wanted = { members: false, groups: false };
const caller = () => ({ caller: { requestId: randomUUID(), tokenId: "bench" } });
const pageSize = 100;

export function directoryOperations(users: number): DirectoryOperation[] {
  const someone = () => Math.floor(Math.random() * users);
  const ask = (w: Worker, asked: Partial<Search>) => async () =>
    void (await search(w, userType, { startIndex: 1, count: pageSize, ...asked }, wanted));
  const lookUp = (name: string, filterOf: (number: string) => string): DirectoryOperation => ({
    name,
    prepare: async (w) => ask(w, { filter: filterOf(seedNumber(someone())) }),
  });
  const deep = Math.max(1, Math.floor(users * 0.9));
  return [
    {
      name: "get by id",
      prepare: async (w) => {
        const id = (await seededId(w.table, someone())) ?? "";
        return async () => void (await readResource(w, userType, id, wanted));
      },
    },
    lookUp("look up by userName", (number) => `userName eq "${seedUserName(number)}"`),
    lookUp("look up by externalId", (number) => `externalId eq "${seedExternalId(number)}"`),
    lookUp("look up by emails.value", (number) => `emails.value eq "${seedUserName(number)}"`),
    lookUp(
      "look up by userName and title",
      (number) => `title eq "Engineer" and userName eq "${seedUserName(number)}"`,
    ),
    lookUp("look up somebody who is not there", () => `userName eq "nobody.${randomUUID()}"`),
    { name: `first page of ${pageSize}`, prepare: async (w) => ask(w, {}) },
    {
      name: "page at 9/10 of the list, behind the page before",
      prepare: async (w) => {
        await ask(w, { startIndex: deep - pageSize })();
        return ask(w, { startIndex: deep });
      },
    },
    {
      name: "page by a jump to where no page led",
      prepare: async (w) => ask(w, { startIndex: 1 + someone(), count: pageSize - 1 }),
    },
    { name: "first page by cursor", prepare: async (w) => ask(w, { walk: {} }) },
    {
      name: "page at 9/10 of a walk by cursor",
      prepare: async (w) => ask(w, { walk: { from: { type: "User", id: `e6${randomUUID().slice(2)}` } } }),
    },
    { name: "the total (count=0)", prepare: async (w) => ask(w, { count: 0 }) },
    {
      name: "filter without an index",
      rounds: 3,
      prepare: async (w) => orTooMany(ask(w, { filter: 'title co "x"' })),
    },
    { name: "sort by userName", rounds: 3, prepare: async (w) => orTooMany(ask(w, { sortBy: "userName" })) },
    {
      name: "filter without an index, a page by cursor",
      rounds: 3,
      prepare: async (w) => ask(w, { filter: 'title co "x"', walk: {} }),
    },
    {
      name: "create a user, and apply",
      prepare: async (w) => {
        const body = seedUser(randomUUID());
        return async () => {
          const { state } = await createResource(w, userType, body, caller());
          await apply(w, "changes", { type: "User", id: state.id, version: state.version });
        };
      },
    },
    {
      name: "patch one attribute, and apply",
      prepare: async (w) => {
        const id = (await seededId(w.table, someone())) ?? "";
        const value = `Engineer ${randomUUID().slice(0, 4)}`;
        return async () => await patched(w, userType, id, { op: "replace", path: "title", value });
      },
    },
    {
      name: "one member more in a group, and apply",
      prepare: async (w) => {
        const group = (await seededGroupId(w.table, 0)) ?? (await newGroup(w));
        // In a small directory everybody would soon be a member.
        const { state } = await createResource(w, userType, seedUser(randomUUID()), caller());
        const value = state.id;
        return async () => await patched(w, groupType, group, { op: "add", path: "members", value: [{ value }] });
      },
    },
  ];
}

function orTooMany(run: () => Promise<void>): () => Promise<unknown> {
  return async () => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof ScimError && error.scimType === "tooMany") return "tooMany";
      throw error;
    }
  };
}

async function patched(w: Worker, type: typeof userType, id: string, operation: object): Promise<void> {
  const { state } = await patchResource(w, type, id, { Operations: [operation] }, caller());
  await apply(w, "changes", { type: type.id, id, version: state.version });
}

async function newGroup(w: Worker): Promise<string> {
  const { state } = await createResource(w, groupType, { displayName: "Engineers 0000000" }, caller());
  await apply(w, "changes", { type: groupType.id, id: state.id, version: state.version });
  return state.id;
}
