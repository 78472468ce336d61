/** Waits until everything is applied, and compares the Directory table, which the application reads, with what was sent. */
import { readEntry } from "../../provisioning/entry.ts";
import { type Head, headOf } from "../../provisioning/head.ts";
import { entryPartition, headKey, memberPrefix, reversePrefix } from "../../provisioning/keys.ts";
import { mapGroup, mapUser } from "../../provisioning/mapping.ts";
import { queryAll } from "../../provisioning/query-all.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import type { Person, Team } from "./company.ts";
import { type Compared, compared, type Difference, memberDifference, missingFrom } from "./difference.ts";
import type { Sent, SentGroup, SentUser } from "./first-cycle.ts";
import { userResource } from "./user-resource.ts";

export interface DirectoryCompared extends Compared {
  /** Resources that were accepted and not applied when the patience was over. */
  readonly pending: number;
}

interface Options {
  readonly concurrency: number;
  /** How long nothing may become applied before the wait is given up. */
  readonly patienceMs: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Errors: TableError. */
export async function compareDirectory(o: Operations, sent: Sent, options: Options): Promise<DirectoryCompared> {
  const pending = await waitUntilApplied(o, sent, options);
  const differences: Difference[] = [];
  const groupsOf = new Map<string, Set<string>>();
  let members = 0;
  for (const group of sent.groups.values()) {
    members += group.members.size;
    for (const id of group.members) groupsOf.set(id, (groupsOf.get(id) ?? new Set()).add(group.id));
  }
  const made = new Set([...sent.groups.values()].flatMap((group) => (group.matched ? [] : [group.id])));
  await eachOf(sent.users, options.concurrency, async ([person, user]) => {
    for (const what of await userDifferences(o, person, user, {
      expected: groupsOf.get(user.id) ?? new Set(),
      made,
    })) {
      differences.push({ about: person.userName, what });
    }
  });
  await eachOf(sent.groups, options.concurrency, async ([team, group]) => {
    for (const what of await groupDifferences(o, team, group)) differences.push({ about: team.displayName, what });
  });
  return { ...compared({ users: sent.users.size, groups: sent.groups.size, members }, differences), pending };
}

async function waitUntilApplied(
  o: Operations,
  sent: Sent,
  { patienceMs, onProgress, signal }: Options,
): Promise<number> {
  const ofType = (type: string, all: Iterable<{ id: string }>) => [...all].map(({ id }) => ({ type, id }));
  let waiting = [...ofType("User", sent.users.values()), ...ofType("Group", sent.groups.values())];
  const total = waiting.length;
  for (let since = o.clock.now(); waiting.length > 0;) {
    const items = await o.table.batchGet(waiting.map(({ type, id }) => headKey(type, id)));
    const left = waiting.filter(({ type }, n) => {
      const item = items[n];
      return item === undefined || isPending(headOf(type, item));
    });
    if (left.length < waiting.length) since = o.clock.now();
    waiting = left;
    onProgress?.(total - waiting.length, total, "waiting until all is applied");
    if (waiting.length === 0 || signal?.aborted === true || o.clock.now() - since > patienceMs) break;
    await o.clock.sleep(500);
  }
  return waiting.length;
}

function isPending(head: Head): boolean {
  return head.applied < head.version;
}

/** `made`: groups that this run made; who is in others is not ours to say. */
async function userDifferences(
  o: Operations,
  person: Person,
  user: SentUser,
  groups: { expected: ReadonlySet<string>; made: ReadonlySet<string> },
): Promise<string[]> {
  const entry = await readEntry(o.table, "User", user.id);
  if (entry === undefined) return ["has no entry in the directory"];
  const { profile } = mapUser(o.tenant.mapping, userResource(person, user));
  const missing = missingFrom(profile, entry.profile);
  const state = user.active ? "active" : "suspended";
  const reverses = await suffixes(o, entryPartition("User", user.id), reversePrefix);
  const absent = [...groups.expected].filter((id) => !reverses.has(id)).length;
  const extra = [...reverses].filter((id) => groups.made.has(id) && !groups.expected.has(id)).length;
  return [
    ...(missing.length > 0 ? [`has another ${missing.join(", ")} in the directory`] : []),
    ...(entry.state === state ? [] : [`is ${entry.state} in the directory, not ${state}`]),
    ...(absent + extra === 0 ? [] : [`lacks ${absent} groups in the directory and has ${extra} too many`]),
  ];
}

async function groupDifferences(o: Operations, team: Team, group: SentGroup): Promise<string[]> {
  const entry = await readEntry(o.table, "Group", group.id);
  if (entry === undefined) return ["has no entry in the directory"];
  const missing = missingFrom(mapGroup({ displayName: team.displayName, externalId: team.externalId }), entry.profile);
  const members = memberDifference(group, await suffixes(o, entryPartition("Group", group.id), memberPrefix));
  return [
    ...(missing.length > 0 ? [`has another ${missing.join(", ")} in the directory`] : []),
    ...(members === undefined ? [] : [`${members} in the directory`]),
  ];
}

async function suffixes(o: Operations, pk: string, prefix: string): Promise<Set<string>> {
  const all = new Set<string>();
  for await (const item of queryAll(o.table, { table: "directory", pk, from: prefix, to: `${prefix}~` })) {
    all.add(item.sk.slice(prefix.length));
  }
  return all;
}
