/**
 * What an import may do: bring a resource that is not there, add members to a group that it brought, and take back what
 * nobody has spoken of since. It never changes what anybody else has said.
 */
import { ScimError } from "../scim/error.ts";
import type { MemberReference, ReadResource } from "../scim/resource.ts";
import { groupType } from "../scim/resource-type.ts";
import type { ResourceType } from "../scim/schema.ts";
import { readChangesAlone } from "./change.ts";
import { draftMembers } from "./draft-members.ts";
import type { Head } from "./head.ts";
import { noMembers } from "./member-delta.ts";
import type { Caller, Provisioning } from "./state.ts";
import { change, draft, draftNew } from "./write-resource.ts";

export type ImportCaller = Caller & { readonly importId: string };

/** A change's `tokenId` when an import made it. */
export function importTokenId(importId: string): string {
  return `${importTokenPrefix}${importId}`;
}

export const importTokenPrefix = "import-";

/**
 * False: this import has brought it already, whatever became of it since.
 *
 * Errors: ScimError 400, 409 `uniqueness`, 413, 503.
 */
export async function importResource(
  p: Provisioning,
  type: ResourceType,
  id: string,
  read: ReadResource,
  caller: ImportCaller,
): Promise<boolean> {
  const { changed } = await change(
    p,
    type,
    id,
    { caller },
    {
      creating: true,
      decide: async (head) => {
        if (head.version === 0) return await draftNew(p, type, head, read);
        if (await isBroughtBy(p, head, caller.importId)) return { kind: "unchanged", ignored: [] };
        throw new ScimError(409, "uniqueness", `"id" "${id}" is already used by another ${type.name}`);
      },
    },
  );
  return changed;
}

/** Whether an import brought it, even when somebody has spoken of it since, as long as its log is kept. Errors: TableError. */
export async function isBroughtBy(
  { table }: Pick<Provisioning, "table">,
  head: Head,
  importId: string,
): Promise<boolean> {
  if (head.imported === importId) return true;
  const [first] = await readChangesAlone(table, head.id, 0, 1);
  return first?.tokenId === importTokenId(importId);
}

/** Members of a group that the import brought; nobody is added where somebody has spoken of it since. Errors: ScimError. */
export async function importMembers(
  p: Provisioning,
  id: string,
  members: readonly MemberReference[],
  caller: ImportCaller,
): Promise<void> {
  await change(
    p,
    groupType,
    id,
    { caller },
    {
      decide: async (head) => {
        if (head.imported !== caller.importId) return { kind: "unchanged", ignored: [] };
        const { delta, ignored } = await draftMembers(p, head, [{ kind: "add", members: [...members] }]);
        return draft(p, groupType, head, { kind: "patch", resource: head.resource, ignored, delta });
      },
    },
  );
}

/** False: somebody has spoken of it since, or it is gone. Errors: ScimError 503. */
export async function takeBack(
  p: Provisioning,
  type: ResourceType,
  id: string,
  caller: ImportCaller,
): Promise<boolean> {
  try {
    const { changed } = await change(
      p,
      type,
      id,
      { caller },
      {
        decide: async (head) => {
          if (head.imported !== caller.importId) return { kind: "unchanged", ignored: [] };
          const delta = type.hasMembers ? { delta: noMembers } : {};
          return { kind: "delete", state: "deleted", resource: {}, ignored: [], lane: "leavers", ...delta };
        },
      },
    );
    return changed;
  } catch (error) {
    if (error instanceof ScimError && error.status === 404) return false;
    throw error;
  }
}
