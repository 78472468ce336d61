/**
 * Reindex: makes resources from before findable by lookups, and their names exclusive by claims, that the tenant file got
 * later. What is there already is not written; who holds a name keeps it.
 */
import { type Head, headOf, text } from "../../provisioning/head.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { claimsOf, type IndexEntry, lookupsOf } from "../../provisioning/index-entries.ts";
import { claimKey, headKey, lookupKey } from "../../provisioning/keys.ts";
import { type Check, type Key, type Put, TableError } from "../../provisioning/ports.ts";
import { ScimError } from "../../scim/error.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { type Person, personOf } from "../mapping/person.ts";
import type { Operations } from "../operations.ts";
import { typesFrom, walkHeads, type WalkOptions } from "../walk-heads.ts";

export interface Reindexed {
  readonly seen: number;
  readonly stopped: boolean;
  /** Where it goes on: `User/<id>`. */
  readonly position?: string;
  readonly lookups: number;
  readonly claims: number;
  /** A change came between the reading and the writing: that change has written them. */
  readonly overtaken: number;
  readonly conflicts: readonly Conflict[];
  /** With more values than can be searched, from before there was a limit: nothing of these is indexed. */
  readonly tooMany: number;
}

/** Two that have one value of what is to be unique: the holder keeps it. */
export interface Conflict {
  readonly type: string;
  readonly attribute: string;
  readonly value: string;
  readonly holder: string;
  readonly other: Person;
}

export interface ReindexOptions extends WalkOptions {
  /** Counts what is missing, and writes nothing. */
  readonly dryRun: boolean;
}

interface Missing {
  readonly head: Head;
  readonly puts: readonly { readonly of: "lookups" | "claims"; readonly put: Put }[];
}

const atOnce = 8;
/** A change came, or another resource has just got the name: read again, and see. */
const attemptsMost = 3;
const examples = { examples: 1 };

/** Errors: TableError. */
export async function reindex(
  o: Pick<Operations, "table" | "tenant">,
  { dryRun, after, onProgress, signal }: ReindexOptions,
): Promise<Reindexed> {
  const count = { seen: 0, lookups: 0, claims: 0, overtaken: 0, tooMany: 0 };
  const conflicts: Conflict[] = [];
  for (const { type, after: behind } of typesFrom(o.tenant.types, after)) {
    const walk = {
      ...(behind === undefined ? {} : { after: behind }),
      ...(signal && { signal }),
      onProgress: (done: number, total: number) => onProgress?.(done, total, `indexing ${type.name}s`),
    };
    const walked = await walkHeads(o, type, walk, async (heads) => {
      let left = heads;
      for (let attempt = 0; left.length > 0 && attempt < attemptsMost; attempt += 1) {
        const found = await missingOf(o, type, attempt === 0 ? left : await readAgain(o, type, left));
        conflicts.push(...found.conflicts);
        count.tooMany += found.tooMany;
        const refused: Head[] = [];
        await eachOf(found.missing, atOnce, async (one) => {
          if (!dryRun && !(await write(o, type, one))) return void refused.push(one.head);
          for (const { of } of one.puts) count[of] += 1;
        });
        left = refused;
      }
      count.overtaken += left.length;
    });
    count.seen += walked.seen;
    if (!walked.stopped) continue;
    const at = walked.position === undefined ? {} : { position: `${type.id}/${walked.position}` };
    return { ...count, conflicts, stopped: true, ...at };
  }
  return { ...count, conflicts, stopped: false };
}

async function readAgain(
  { table }: Pick<Operations, "table">,
  { id: type }: ResourceType,
  heads: readonly Head[],
): Promise<Head[]> {
  const items = await table.batchGet(heads.map(({ id }) => headKey(type, id)));
  const now = items.flatMap((item) => (item === undefined ? [] : [headOf(type, item)]));
  return now.filter(({ state }) => state === "live");
}

async function missingOf(
  { table }: Pick<Operations, "table">,
  type: ResourceType,
  heads: readonly Head[],
): Promise<{ missing: Missing[]; conflicts: Conflict[]; tooMany: number }> {
  const conflicts: Conflict[] = [];
  const entries = heads.map((head) => entriesOf(type, head));
  const wanted = entries.flatMap((all) => all ?? []);
  const items = await table.batchGet(wanted.map(({ key }) => key));
  const missing = new Map<Head, Missing["puts"]>();
  for (const [n, { head, of, entry, key }] of wanted.entries()) {
    const item = items[n];
    const holder = of === "claims" && item !== undefined ? text(item.attributes, "id") : undefined;
    if (holder !== undefined && holder !== head.id)
      conflicts.push({ type: type.id, ...entry, holder, other: personOf(head, examples) });
    if (item !== undefined) continue;
    const put: Put = { kind: "put", key, ...(of === "claims" ? claimOf(head) : { attributes: {} }) };
    missing.set(head, [...(missing.get(head) ?? []), { of, put }]);
  }
  const tooMany = entries.filter((all) => all === undefined).length;
  return { missing: [...missing].map(([head, puts]) => ({ head, puts })), conflicts, tooMany };
}

function claimOf({ id }: Head): Pick<Put, "attributes" | "if"> {
  return { attributes: { id }, if: [{ is: "absent" }] };
}

interface Wanted {
  readonly head: Head;
  readonly of: "lookups" | "claims";
  readonly entry: IndexEntry;
  readonly key: Key;
}

/** Undefined: it has more values than can be indexed. */
function entriesOf(type: ResourceType, head: Head): Wanted[] | undefined {
  try {
    const claims = claimsOf(type, head.resource).map((entry): Wanted => {
      return { head, of: "claims", entry, key: claimKey(type.id, entry.attribute, entry.value) };
    });
    const lookups = lookupsOf(type, head.resource).map((entry): Wanted => {
      return { head, of: "lookups", entry, key: lookupKey(type.id, entry.attribute, entry.value, head.id) };
    });
    return [...claims, ...lookups];
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

/** If the head is still what was read: a value that was given up meanwhile must not stay findable. */
async function write(
  { table }: Pick<Operations, "table">,
  type: ResourceType,
  { head, puts }: Missing,
): Promise<boolean> {
  const isStill: Check = {
    kind: "check",
    key: headKey(type.id, head.id),
    if: [{ is: "equal", attribute: "version", value: head.version }],
  };
  try {
    await table.transact([isStill, ...puts.map(({ put }) => put)]);
    return true;
  } catch (error) {
    if (error instanceof TableError && (error.kind === "condition" || error.kind === "conflict")) return false;
    throw error;
  }
}
