/**
 * All resources as SCIM, one after another: users and the tenant's own types first, then groups with their members, so that an
 * import that reads them in this order finds each member.
 *
 * Each is read as it is at that moment, exactly; what is written meanwhile may be in it or not.
 */
import { inOrder } from "../../provisioning/in-parallel.ts";
import { readGroup } from "../../provisioning/group-members.ts";
import type { Head } from "../../provisioning/head.ts";
import { stateOf } from "../../provisioning/read-resource.ts";
import type { JsonObject } from "../../scim/json.ts";
import { represent } from "../../scim/representation.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { countOf } from "../../provisioning/count.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { walkHeads } from "../walk-heads.ts";

export const exportKinds = ["users", "groups", "all"] as const;

export type ExportKind = (typeof exportKinds)[number];

export interface Exported {
  /** By the name of the type. */
  readonly counts: Readonly<Record<string, number>>;
  readonly stopped: boolean;
}

export interface ExportOptions {
  readonly kind: ExportKind;
  /** The public one, for `meta.location`; empty where it is not known. */
  readonly baseUrl: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A group is read with its members, which may be many. */
const groupsAtOnce = 4;

/** Hands each to `write`. Errors: TableError; ScimError 503 for a group that others do not stop changing. */
export async function exportResources(
  o: Operations,
  { kind, baseUrl, onProgress, signal }: ExportOptions,
  write: (resource: JsonObject) => void,
): Promise<Exported> {
  const types = typesOf(o.tenant.types, kind);
  const total = await countOf(o, types);
  const counts: Record<string, number> = Object.fromEntries(types.map(({ name }) => [name, 0]));
  let before = 0;
  for (const type of types) {
    const during = {
      ...(signal && { signal }),
      onProgress: (seen: number) => onProgress?.(before + seen, Math.max(total, before + seen)),
    };
    const { stopped, seen } = await walkHeads(o, type, during, async (heads) => {
      const all = inOrder(
        heads.map((head) => async () => await bodyOf(o, type, head, baseUrl)),
        type.hasMembers ? groupsAtOnce : 1,
      );
      for await (const body of all) {
        if (body === undefined) continue;
        write(body);
        counts[type.name] = (counts[type.name] ?? 0) + 1;
      }
    });
    if (stopped) return { counts, stopped };
    before += seen;
  }
  return { counts, stopped: false };
}

function typesOf(types: readonly ResourceType[], kind: ExportKind): ResourceType[] {
  if (kind === "users") return types.filter(({ id }) => id === userType.id);
  if (kind === "groups") return types.filter(({ id }) => id === groupType.id);
  return [...types.filter(({ hasMembers }) => !hasMembers), ...types.filter(({ hasMembers }) => hasMembers)];
}

/** Undefined: deleted meanwhile. */
async function bodyOf(o: Operations, type: ResourceType, head: Head, baseUrl: string): Promise<JsonObject | undefined> {
  if (!type.hasMembers) return represent(type, stateOf(type, head), baseUrl);
  const group = await readGroup(o, head.id);
  return group && represent(type, { ...stateOf(type, group.head), members: group.members }, baseUrl);
}
