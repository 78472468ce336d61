/** What is listed, with what is stored of it: the log items, then the heads of those that are wanted, each in one batch. */
import { type LoggedChange, loggedChange } from "../../provisioning/change.ts";
import { defined, type Head, headOf, isGivenUp, isParked } from "../../provisioning/head.ts";
import { headKey, logKey } from "../../provisioning/keys.ts";
import type { Table } from "../../provisioning/ports.ts";
import type { Refusal } from "../../provisioning/sighting.ts";
import type { StoredToken } from "../../provisioning/token.ts";
import { importText } from "../caller-text.ts";
import { nameOf } from "../find-resource.ts";
import type { Pointed } from "./merged.ts";
import type {
  ActivityKind,
  ActivityRow,
  ChangeKindShown,
  ChangeRow,
  ChangeStatus,
  MembersChanged,
  RefusalRow,
} from "./row.ts";

export interface Wanted {
  /** Absent: all. */
  readonly kinds?: readonly ActivityKind[];
  readonly status?: ChangeStatus;
}

export type Tokens = ReadonlyMap<string, Pick<StoredToken, "label" | "idp">>;

/** In their order; undefined for what is not wanted, or is kept no more. Errors: TableError. */
export async function described(
  table: Table,
  listed: readonly Pointed[],
  { kinds, status }: Wanted,
  tokens: Tokens,
): Promise<(ActivityRow | undefined)[]> {
  const isWanted = (kind: ActivityKind): boolean => kinds === undefined || kinds.includes(kind);
  const logged = await changesOf(table, listed);
  const changes = logged.map((change) => (change !== undefined && isWanted(kindOf(change)) ? change : undefined));
  const heads = await headsOf(
    table,
    changes.filter((change) => change !== undefined),
  );
  return listed.map((pointed, n) => {
    if ("refusal" in pointed)
      return isWanted(refusalKindOf(pointed.refusal)) ? refusalRow(pointed.refusal, tokens) : undefined;
    const change = changes[n];
    if (change === undefined) return undefined;
    const row = changeRow(change, heads.get(change.id), tokens);
    return status === undefined || row.status === status ? row : undefined;
  });
}

/** Of changes alone; undefined for a refusal, and for what is kept no more. */
async function changesOf(table: Table, listed: readonly Pointed[]): Promise<(LoggedChange | undefined)[]> {
  const unread = listed.flatMap((pointed) =>
    "change" in pointed && pointed.change.logged === undefined ? [pointed.change] : [],
  );
  const items = unread.length === 0 ? [] : await table.batchGet(unread.map(({ id, version }) => logKey(id, version)));
  const read = new Map(items.map((item, n) => [unread[n], item && loggedChange(item)]));
  return listed.map((pointed) =>
    "change" in pointed ? (pointed.change.logged ?? read.get(pointed.change)) : undefined,
  );
}

async function headsOf(
  table: Table,
  changes: readonly { readonly id: string; readonly type?: string }[],
): Promise<ReadonlyMap<string, Head>> {
  const types = new Map(changes.flatMap(({ id, type }) => (type === undefined ? [] : [[id, type] as const])));
  if (types.size === 0) return new Map();
  const asked = [...types];
  const items = await table.batchGet(asked.map(([id, type]) => headKey(type, id)));
  return new Map(
    asked.flatMap(([id, type], n) => {
      const item = items[n];
      return item === undefined ? [] : [[id, headOf(type, item)] as const];
    }),
  );
}

/** How far these have come by now, in their order: one read of all their heads. Errors: TableError. */
export async function statusesOf(
  { table }: { readonly table: Table },
  changes: readonly Pick<ChangeRow, "type" | "id" | "version">[],
): Promise<ChangeStatus[]> {
  if (changes.length === 0) return [];
  const heads = await headsOf(table, changes);
  return changes.map(({ id, version }) => statusOf(version, heads.get(id)));
}

function changeRow(change: LoggedChange, head: Head | undefined, tokens: Tokens): ChangeRow {
  const { at, id, type = "", version, tokenId, requestId, dialect, changed = {} } = change;
  return {
    at,
    kind: kindOf(change),
    type,
    id,
    version,
    status: statusOf(change.version, head),
    attributes: Object.keys(changed),
    tokenId,
    requestId,
    ...defined({ name: head && nameOf(head), members: membersOf(change), ...callerOf(tokens, tokenId, dialect) }),
  };
}

function kindOf({ kind, changed = {}, namesMembers }: LoggedChange): ChangeKindShown {
  if (kind === "create") return "created";
  if (kind === "delete") return "deleted";
  if (changed["active"] === false) return "deactivated";
  if (changed["active"] === true) return "activated";
  if (kind === "replace") return "replaced";
  return namesMembers || kind === "removeMembers" ? "members" : "changed";
}

/** Of the change to this version. Whose head is gone was deleted long ago, and applied before that. */
function statusOf(version: number, head: Head | undefined): ChangeStatus {
  if (head === undefined || version <= head.applied) return "applied";
  return isParked(head) ? "parked" : isGivenUp(head) ? "givenUp" : "pending";
}

function membersOf({ delta, namesMembers }: LoggedChange): MembersChanged | undefined {
  if (!namesMembers) return undefined;
  const { all, add = [], remove = [] } = delta ?? {};
  const added = (all?.length ?? 0) + add.length;
  return { added, removed: remove.length, replacesAll: all !== undefined, isMany: delta === undefined };
}

function refusalKindOf({ kind }: Refusal): "refused" | "fault" {
  return kind === "fault" ? "fault" : "refused";
}

function refusalRow(refusal: Refusal, tokens: Tokens): RefusalRow {
  const { at, type, tokenId, requestId, status = 0, operation = "", detail = "", id, name, dialect } = refusal;
  return {
    at,
    kind: refusalKindOf(refusal),
    type,
    status,
    operation,
    detail,
    tokenId,
    requestId,
    ...defined({ id, name, ...callerOf(tokens, tokenId, dialect) }),
  };
}

function callerOf(
  tokens: Tokens,
  tokenId: string,
  dialect: string | undefined,
): { tokenLabel?: string | undefined; idp?: string | undefined } {
  const token = tokens.get(tokenId);
  return { tokenLabel: token?.label ?? importText(tokenId), idp: dialect ?? token?.idp };
}
