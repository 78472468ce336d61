/**
 * A group's new name, made known to the roles of its members before the walk of the same changes goes on: `roleName` on the
 * head, and a mark on each member, in fenced steps. Who is a member and what the group is called therefore change in one
 * order, whoever looks. A name that gives the same roles as the one before concerns nobody.
 */
import type { Worker } from "./apply.ts";
import type { Change } from "./change.ts";
import { fenceOf, isSameFence } from "./group-fence.ts";
import { pausesOf } from "./backoff.ts";
import { type Head, liveAmong, readHead } from "./head.ts";
import { entryPartition, headKey, memberPrefix } from "./keys.ts";
import { memberOf } from "./group-members.ts";
import { TableError } from "./ports.ts";
import { givenBy } from "./role-table.ts";
import { askForRoles, sendForRoles } from "./roles-due.ts";
import { SyncError } from "./sync-error.ts";

/** Marks alone, and the head: below the 100 items of a transaction (trap 11). */
const stepMembers = 90;
/** Behind every id. */
const done = "~";

export interface Naming {
  /** In order. */
  readonly names: readonly string[];
  /** The version that the walk ends with. */
  readonly to: number;
}

/** The names that these changes gave. */
export function namesIn(changes: readonly Change[]): string[] {
  return changes.flatMap(({ changed }) => {
    const name = changed?.["displayName"];
    return typeof name === "string" ? [name] : [];
  });
}

/** The head after it; undefined when another worker was quicker, or the time is over. Errors: SyncError, TableError. */
export async function spreadName(w: Worker, start: Head, naming: Naming, deadline: number): Promise<Head | undefined> {
  if (!mustSpread(w, start, naming.names)) return start;
  for (let head = start; ;) {
    const page = await membersAfter(w, head);
    const next = await takeNameStep(w, head, page, naming);
    if (next === undefined || next.nameCursor === done) return next;
    if (w.clock.now() > deadline) return undefined;
    head = next;
  }
}

function mustSpread({ tenant: { mapping } }: Worker, head: Head, names: readonly string[]): boolean {
  const { applied, nameCursor, roleName } = head;
  if (mapping.roles.length === 0 || nameCursor === done) return false;
  if (nameCursor !== undefined) return true;
  // A new group has no members yet: each comes with a mark of its own.
  if (names.length === 0 || applied === 0) return false;
  // Roles may have been made with any of the names: until there was a `roleName` they were made with the accepted one.
  return roleName === undefined || names.some((name) => givenBy(mapping, name) !== givenBy(mapping, roleName));
}

interface NamePage {
  readonly users: readonly string[];
  readonly cursor: string;
}

async function membersAfter(w: Worker, { id, nameCursor }: Head): Promise<NamePage> {
  const after = nameCursor === undefined ? {} : { after: `${memberPrefix}${nameCursor}` };
  const { items, next } = await w.table.query({
    table: "directory",
    pk: entryPartition("Group", id),
    from: memberPrefix,
    to: `${memberPrefix}~`,
    limit: w.stepMembers ?? stepMembers,
    ...after,
  });
  const members = items.map((item) => memberOf(item.sk.slice(memberPrefix.length), item.attributes));
  return {
    users: members.flatMap((member) => (member.type === "User" ? [member.id] : [])),
    cursor: next === undefined ? done : next.slice(memberPrefix.length),
  };
}

async function takeNameStep(
  w: Worker,
  head: Head,
  { users, cursor }: NamePage,
  { names, to }: Naming,
): Promise<Head | undefined> {
  for await (const _attempt of pausesOf(w, { firstMs: 20, mostMs: 200, times: 10, forMs: 0 })) {
    const now = w.clock.now();
    const live = [...(await liveAmong(w.table, "User", users)).values()];
    const roleName = names.at(-1) ?? head.roleName ?? "";
    const set = { stepAt: now, stepBy: w.workerId, to, nameCursor: cursor, roleName };
    try {
      await w.table.transact([
        { kind: "update", key: headKey("Group", head.id), if: fenceOf(head), set },
        ...live.map(({ id }) => askForRoles(id, now, { is: "present" })),
      ]);
      await sendForRoles(w, "changes", live);
      return { ...head, ...set };
    } catch (error) {
      if (!(error instanceof TableError) || error.kind === "lost" || error.kind === "throttled") throw error;
      const now = await readHead(w.table, "Group", head.id);
      if (now === undefined || !isSameFence(now, head)) return undefined;
    }
  }
  throw new SyncError("conflict", `Group ${head.id} is written by others at the same time`);
}
