/**
 * An import: each row becomes a resource by the same code as a POST, and a pointer asks the worker to apply it.
 *
 * After each batch the import's item says how far it is. Stopped or killed at any moment, the same file goes on there: what a
 * batch has written already is found by its id and passed over.
 */
import { importMembers, importResource, importTokenId, type ImportCaller } from "../../provisioning/import-resource.ts";
import { type ImportMark, listImports, putImport } from "../../provisioning/import-mark.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { ScimError } from "../../scim/error.ts";
import type { MemberReference } from "../../scim/resource.ts";
import { nameOf } from "../find-resource.ts";
import { type OnProgress, OperationError, type Operations } from "../operations.ts";
import { gatheringLanes } from "./gathering-lanes.ts";
import type { ImportRow } from "./import-row.ts";
import { type RowIds, rowIds } from "./row-ids.ts";

export interface RefusedRow {
  readonly row: number;
  readonly type: string;
  readonly name?: string;
  /** What an identity provider would have been told. */
  readonly reason: string;
}

export interface Imported {
  readonly import: ImportMark;
  /** Of this run. */
  readonly brought: number;
  /** Brought by this import before. */
  readonly passedOver: number;
  readonly refused: readonly RefusedRow[];
  readonly stopped: boolean;
}

export interface ImportInput {
  /** The file's name, without its folder. */
  readonly name: string;
  /** SHA-256 in hex. */
  readonly fileHash: string;
  readonly rows: readonly ImportRow[];
}

export interface ImportOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const batchRows = 400;
/** What one connection pool of the SDK takes without waiting; embedded, one goes after the other anyway. */
const atOnce = 32;

/** The import of this very file that was begun and not undone. Errors: TableError. */
export async function importOf(
  { table }: Pick<Operations, "table">,
  fileHash: string,
): Promise<ImportMark | undefined> {
  const all = await listImports(table);
  return all.find((mark) => mark.fileHash === fileHash && mark.state !== "undone");
}

/** Errors: OperationError while it is being undone, or when the tables take nothing: run it again. TableError. */
export async function runImport(o: Operations, input: ImportInput, options: ImportOptions): Promise<Imported> {
  let mark = await begin(o, input);
  const ids = await rowIds(o, input.rows, mark.id);
  const { lanes, flush } = gatheringLanes(o.lanes);
  const groupIds = new Set(input.rows.flatMap(({ type }, n) => (type.hasMembers ? [ids.ids[n] ?? ""] : [])));
  const work: Work = { o: { ...o, lanes }, importId: mark.id, ids, groupIds, brought: 0, passedOver: 0, refused: [] };
  const isOver = () => options.signal?.aborted === true;
  const total = input.rows.length;
  const firstGroup = total - groupIds.size;
  const ended = (stopped: boolean): Imported => {
    const { brought, passedOver, refused } = work;
    return { import: mark, brought, passedOver, refused: refused.toSorted((a, b) => a.row - b.row), stopped };
  };
  try {
    while (mark.done < total) {
      const before = { brought: work.brought + work.passedOver, refused: work.refused.length };
      const { done } = mark;
      // Members are there before the first group comes.
      const end = Math.min(done + batchRows, done < firstGroup ? firstGroup : total);
      const batch = input.rows.slice(done, end).entries();
      let ready = 0;
      await eachOf(
        batch,
        atOnce,
        async ([n, row]) => {
          await bring(work, row, ids.ids[done + n] ?? "");
          options.onProgress?.(done + (ready += 1), total);
        },
        isOver,
      );
      await flush();
      // What the batch has written is passed over by the next run.
      if (isOver()) return ended(true);
      mark = {
        ...mark,
        done: end,
        brought: mark.brought + work.brought + work.passedOver - before.brought,
        refused: mark.refused + work.refused.length - before.refused,
        at: o.clock.now(),
      };
      await putImport(o.table, mark);
    }
    await bringNested(work, input.rows, isOver);
    if (isOver()) return ended(true);
  } finally {
    await flush();
  }
  mark = { ...mark, state: "done", at: o.clock.now() };
  await putImport(o.table, mark);
  return ended(false);
}

/** One that came to its end looks at all rows once more: those that were refused may be taken now. */
async function begin(o: Operations, { name, fileHash, rows }: ImportInput): Promise<ImportMark> {
  const before = await importOf(o, fileHash);
  if (before?.state === "undoing")
    throw new OperationError(
      `Import ${before.id} of this file is half undone; \`rollcall import undo ${before.id}\` goes on with it.`,
    );
  const now = o.clock.now();
  const fresh = { done: 0, brought: 0, refused: 0, state: "running", at: now } as const;
  const mark: ImportMark =
    before === undefined
      ? { id: o.chance.uuid().slice(0, 8), name, fileHash, rows: rows.length, startedAt: now, ...fresh }
      : before.state === "done"
        ? { ...before, ...fresh }
        : before;
  await putImport(o.table, mark);
  return mark;
}

interface Work {
  readonly o: Operations;
  readonly importId: string;
  readonly ids: RowIds;
  /** Of the groups in the file. */
  readonly groupIds: ReadonlySet<string>;
  brought: number;
  passedOver: number;
  readonly refused: RefusedRow[];
}

async function bring(work: Work, row: ImportRow, id: string): Promise<void> {
  const { type, read } = row;
  const { members } = read;
  const first = members && { members: membersOf(work, members, (member) => !work.groupIds.has(member)) };
  await asRefusal(work, row, async () => {
    const isNew = await importResource(work.o, type, id, { ...read, ...first }, callerOf(work, row));
    if (isNew) work.brought += 1;
    else work.passedOver += 1;
  });
}

/** Groups in groups, once all are there. */
async function bringNested(work: Work, rows: readonly ImportRow[], isOver: () => boolean): Promise<void> {
  const notThere = new Set(work.refused.map(({ row }) => row));
  const groups = [...rows.entries()].filter(([, { type, row }]) => type.hasMembers && !notThere.has(row));
  await eachOf(
    groups,
    atOnce,
    async ([n, row]) => {
      const later = membersOf(work, row.read.members ?? [], (member) => work.groupIds.has(member));
      if (later.length === 0) return;
      await asRefusal(work, row, async () => {
        await importMembers(work.o, work.ids.ids[n] ?? "", later, callerOf(work, row, "-groups"));
      });
    },
    isOver,
  );
}

/** By the ids that they have here. */
function membersOf(
  { ids }: Work,
  members: readonly MemberReference[],
  isWanted: (id: string) => boolean,
): MemberReference[] {
  const here = members.map((member) => ({ ...member, value: ids.byFileId.get(member.value) ?? member.value }));
  return here.filter(({ value }) => isWanted(value));
}

/** The request tells the row, so that the log leads back to the file. */
function callerOf({ importId }: Work, { row }: ImportRow, part = ""): ImportCaller {
  const tokenId = importTokenId(importId);
  return { requestId: `${tokenId}-row-${row}${part}`, tokenId, importId };
}

/** Errors: OperationError when the tables take nothing now; whatever is no ScimError. */
async function asRefusal(work: Work, { row, type, read }: ImportRow, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    if (error.status >= 500)
      throw new OperationError(`Row ${row} could not be written now: ${error.message}. Run it again to go on.`, {
        cause: error,
      });
    const name = nameOf({ resource: read.resource });
    work.refused.push({ row, type: type.id, ...(name !== undefined && { name }), reason: error.message });
  }
}
