/** The reader of the Directory table, for the tenant's application: docs/directory-schema.md. */
import { entryPartition, directoryLookupKey, isPossibleId, memberPrefix, reversePrefix } from "../provisioning/keys.ts";
import { limits } from "../scim/limits.ts";
import { fold } from "../scim/text.ts";
import { DirectoryError } from "./error.ts";
import { lookupsOf, readEntry, textOf } from "./read-entry.ts";
import { getItem, getItems, queryItems, scanEntries } from "./table.ts";
import type {
  ActiveEntry,
  By,
  DirectoryTable,
  DirectoryTypes,
  Entry,
  LiveEntry,
  Member,
  TypeName,
  UntypedDirectory,
} from "./types.ts";

/** Every read is consistent: what the worker has written is seen. Errors: DirectoryError; what the SDK says. */
export interface Directory<Types extends DirectoryTypes = UntypedDirectory> {
  /** Also who is removed, for as long as the entry stays. Undefined: nobody of that id, or no longer. */
  getUser(id: string): Promise<Entry<Types> | undefined>;
  /**
   * By an attribute that the tenant file marks with `lookup`, in any letter case. Of several the one that is active, else
   * the one that was changed last; who is removed is never found.
   *
   * Errors: DirectoryError `ambiguous` when several are active, `usage`.
   */
  findUser(by: By<Types, "User">): Promise<LiveEntry<Types> | undefined>;
  /** All who have the value, active or suspended. */
  findUsers(by: By<Types, "User">): Promise<LiveEntry<Types>[]>;
  /** Everybody who is active or suspended, in no order. It reads the whole table. */
  users(): AsyncIterable<LiveEntry<Types>>;
  getGroup(id: string): Promise<Entry<Types, "Group"> | undefined>;
  /** The groups that have this user as a member of their own: not those around these. */
  groupsOf(userId: string): Promise<ActiveEntry<Types, "Group">[]>;
  /** By their ids, page by page. A group among them has members of its own. */
  membersOf(groupId: string): AsyncIterable<Member>;
  /** An entry of any type, such as one of the tenant's own. */
  get<Name extends TypeName<Types>>(type: Name, id: string): Promise<Entry<Types, Name> | undefined>;
  /** Of any type all who are not removed, in no order. It reads the whole table. */
  all<Name extends TypeName<Types>>(type: Name): AsyncIterable<LiveEntry<Types, Name>>;
  /** All of any type that have the value, active or suspended. */
  find<Name extends TypeName<Types>>(type: Name, by: By<Types, Name>): Promise<LiveEntry<Types, Name>[]>;
}

/** `Types`: as `rollcall types` writes them. */
export function directory<Types extends DirectoryTypes = UntypedDirectory>(table: DirectoryTable): Directory<Types> {
  const get = async <Name extends TypeName<Types>>(type: Name, id: string) => {
    const item = await getItem(table, type, id);
    return item && (readEntry(item) as Entry<Types, Name>);
  };
  const find = async <Name extends TypeName<Types>>(type: Name, by: By<Types, Name>) =>
    (await findEntries(table, type, by)) as LiveEntry<Types, Name>[];
  return {
    get,
    find,
    getUser: async (id) => await get("User", id),
    findUser: async (by) => theOne(await find("User", by), by),
    findUsers: async (by) => await find("User", by),
    all: (type) => liveEntries(table, type),
    users: () => liveEntries(table, "User"),
    getGroup: async (id) => await get("Group", id),
    groupsOf: async (userId) => {
      const items = await getItems(table, "Group", await groupIdsOf(table, userId));
      return items.map(readEntry).filter(isLive) as unknown as ActiveEntry<Types, "Group">[];
    },
    membersOf: (groupId) => membersOf(table, groupId),
  };
}

function isLive({ state }: { readonly state: string }): boolean {
  return state !== "removed";
}

/** Errors: DirectoryError `usage`, `newer-format`, `unreadable`, `throttled`. */
async function findEntries(table: DirectoryTable, type: string, by: object) {
  const { attribute, value } = asked(by);
  const key = fold(String(value));
  // Longer ones are never stored as lookups, and DynamoDB refuses the key.
  if (new TextEncoder().encode(key).length > limits.indexedValueBytes) return [];
  const ids: string[] = [];
  for await (const item of queryItems(table, directoryLookupKey(attribute, key, "").pk)) {
    if (item["type"]?.S === type) ids.push(textOf(item, "sk"));
  }
  // Between the two reads it may have got another value.
  const items = (await getItems(table, type, ids)).filter((item) => lookupsOf(item).includes(`${attribute}#${key}`));
  return items.map(readEntry).filter(isLive);
}

function asked(by: object): { attribute: string; value: unknown } {
  const given = Object.entries(by);
  const [only] = given;
  if (given.length === 1 && only !== undefined && ["string", "number", "boolean"].includes(typeof only[1])) {
    return { attribute: only[0], value: only[1] };
  }
  const names = given.map(([name]) => name).join(", ") || "none";
  const told = `expected one attribute with its value, such as { email: "ada@example.com" }; found ${names}`;
  throw new DirectoryError("usage", given.length === 1 ? `${told} without a value.` : `${told}.`);
}

/** Errors: DirectoryError `ambiguous`. */
function theOne<Found extends { readonly state: string; readonly appliedAt: number; readonly id: string }>(
  found: readonly Found[],
  by: object,
): Found | undefined {
  const active = found.filter(({ state }) => state === "active");
  if (active.length > 1) {
    const told = `${active.length} active entries have this ${Object.keys(by).join()}: ${active.map(({ id }) => id).join(", ")}; findUsers gives them all.`;
    throw new DirectoryError("ambiguous", told);
  }
  return active[0] ?? found.toSorted((a, b) => b.appliedAt - a.appliedAt)[0];
}

async function groupIdsOf(table: DirectoryTable, userId: string): Promise<string[]> {
  if (!isPossibleId(userId)) return [];
  const ids: string[] = [];
  for await (const item of queryItems(table, entryPartition("User", userId), reversePrefix)) {
    ids.push(textOf(item, "sk").slice(reversePrefix.length));
  }
  return ids;
}

async function* membersOf(table: DirectoryTable, groupId: string): AsyncGenerator<Member, void, undefined> {
  if (!isPossibleId(groupId)) return;
  for await (const item of queryItems(table, entryPartition("Group", groupId), memberPrefix)) {
    const type = textOf(item, "type") === "Group" ? "Group" : "User";
    yield { type, id: textOf(item, "sk").slice(memberPrefix.length) };
  }
}

async function* liveEntries<Types extends DirectoryTypes, Name extends TypeName<Types>>(
  table: DirectoryTable,
  type: Name,
): AsyncGenerator<LiveEntry<Types, Name>, void, undefined> {
  for await (const item of scanEntries(table, type)) {
    const entry = readEntry(item);
    if (isLive(entry)) yield entry as unknown as LiveEntry<Types, Name>;
  }
}
