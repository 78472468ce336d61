/**
 * An undo: whoever an import brought and nobody has spoken of since is deleted, by the same code as a DELETE. It may be stopped
 * at any moment and run again: what is gone is not found any more.
 */
import { type Head, text } from "../../provisioning/head.ts";
import { type ImportMark, putImport, readImport } from "../../provisioning/import-mark.ts";
import { importTokenId, takeBack } from "../../provisioning/import-resource.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { logKey } from "../../provisioning/keys.ts";
import { groupsOf } from "../../provisioning/memberships.ts";
import type { Member } from "../../provisioning/state.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { identityOf } from "../find-resource.ts";
import { type OnProgress, OperationError, type Operations } from "../operations.ts";
import { walkHeads } from "../walk-heads.ts";
import { gatheringLanes } from "./gathering-lanes.ts";

export interface Touched {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
}

export interface UndoPlan {
  readonly import: ImportMark;
  readonly targets: readonly Touched[];
  /** Brought by it, and spoken of by somebody since, if only as a member of a group: they stay. */
  readonly touched: readonly Touched[];
  /** Brought by it, and deleted since. */
  readonly gone: number;
  readonly stopped: boolean;
}

export interface Undone {
  readonly deleted: number;
  /** Spoken of between the plan and the deletion: they stay. */
  readonly overtaken: readonly Touched[];
  readonly stopped: boolean;
}

export interface UndoOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const atOnce = 32;
/** A run may go on at another machine. */
const clocksDifferMs = 3_600_000;

/** Walks over all resources. Errors: OperationError when there is no such import; TableError. */
export async function planUndo(o: Operations, importId: string, options: UndoOptions): Promise<UndoPlan> {
  const mark = await readImport(o.table, importId);
  if (mark === undefined)
    throw new OperationError(`There is no import "${importId}"; \`npx rollcall import ls\` lists them.`);
  const plan = { targets: [] as Touched[], touched: [] as Touched[], gone: 0 };
  const staying = new Set<string>();
  for (const type of groupsFirst(o.tenant.types)) {
    const { stopped } = await walkHeads(o, type, { ...options, deleted: true }, async (heads) => {
      if (type.hasMembers)
        for (const { id, state, imported } of heads) if (state !== "deleted" && imported !== importId) staying.add(id);
      plan.targets.push(...heads.filter(({ imported }) => imported === importId).map(identityOf));
      for (const head of await broughtOnce(o, mark, heads)) {
        if (head.state === "deleted") plan.gone += 1;
        else plan.touched.push(identityOf(head));
      }
    });
    if (stopped) return { import: mark, ...plan, stopped };
  }
  const { members, stopped } = await membersOf(o, plan.targets, staying, options);
  const targets = plan.targets.filter(({ id }) => !members.has(id));
  const touched = [...plan.touched, ...plan.targets.filter(({ id }) => members.has(id))];
  return { import: mark, ...plan, targets, touched, stopped };
}

/**
 * Those of `targets` who are in a group that stays, or in one that stays for that reason. An identity provider that found
 * somebody to be as it wants it sends nothing of that one, and names it only as a member.
 */
async function membersOf(
  o: Operations,
  targets: readonly Touched[],
  staying: ReadonlySet<string>,
  { onProgress, signal }: UndoOptions,
): Promise<{ members: ReadonlySet<string>; stopped: boolean }> {
  const members = new Set<string>();
  const isOver = () => signal?.aborted === true;
  if (staying.size === 0 || targets.length === 0) return { members, stopped: isOver() };
  const groups = new Map<string, ReadonlySet<string>>();
  await eachOf(
    targets,
    atOnce,
    async ({ type, id }) => {
      if (type === userType.id || type === groupType.id) groups.set(id, await groupsOf(o, { type, id } as Member));
      onProgress?.(groups.size, targets.length);
    },
    isOver,
  );
  const stays = (group: string) => staying.has(group) || members.has(group);
  for (let before = -1; before < members.size;) {
    before = members.size;
    for (const [id, all] of groups) if ([...all].some(stays)) members.add(id);
  }
  return { members, stopped: isOver() };
}

/** So that the worker need not take the members out of each first. */
function groupsFirst(types: readonly ResourceType[]): ResourceType[] {
  return [...types.filter(({ hasMembers }) => hasMembers), ...types.filter(({ hasMembers }) => !hasMembers)];
}

/** Without the mark, the first change of their log tells, and only those are asked whose time fits. */
async function broughtOnce({ table }: Operations, mark: ImportMark, heads: readonly Head[]): Promise<Head[]> {
  const asked = heads.filter(
    ({ imported, created }) => imported !== mark.id && created >= mark.startedAt - clocksDifferMs,
  );
  const items = asked.length === 0 ? [] : await table.batchGet(asked.map(({ id }) => logKey(id, 1)));
  const tokenId = importTokenId(mark.id);
  return asked.filter((_, n) => {
    const item = items[n];
    return item !== undefined && text(item.attributes, "tokenId") === tokenId;
  });
}

/** Errors: TableError, ScimError 503: run it again. */
export async function undoImport(o: Operations, plan: UndoPlan, { onProgress, signal }: UndoOptions): Promise<Undone> {
  const { targets, import: mark } = plan;
  const tokenId = importTokenId(mark.id);
  const { lanes, flush } = gatheringLanes(o.lanes);
  const types = new Map(o.tenant.types.map((type) => [type.id, type]));
  const overtaken: Touched[] = [];
  let deleted = 0;
  await putImport(o.table, { ...mark, state: "undoing", at: o.clock.now() });
  const isOver = () => signal?.aborted === true;
  try {
    await eachOf(
      targets,
      atOnce,
      async (target) => {
        const type = types.get(target.type);
        const caller = { requestId: o.chance.uuid(), tokenId, importId: mark.id };
        if (type !== undefined && (await takeBack({ ...o, lanes }, type, target.id, caller))) deleted += 1;
        else overtaken.push(target);
        const done = deleted + overtaken.length;
        onProgress?.(done, targets.length);
        if (done % flushEvery === 0) await flush();
      },
      isOver,
    );
  } finally {
    await flush();
  }
  if (!isOver()) await putImport(o.table, { ...mark, state: "undone", at: o.clock.now() });
  return { deleted, overtaken, stopped: isOver() };
}

const flushEvery = 500;
