/**
 * All items of one user, as the program itself wrote them, with gaps where another user's id, number and request id go:
 * filling the gaps is ten times as quick as accepting and applying, and the result is compared with it (proof.ts).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../lib/local/database.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { apply, type Worker } from "../../lib/provisioning/apply.ts";
import { acceptedKey, countPartition, headPartition, waitKey } from "../../lib/provisioning/keys.ts";
import type { Lane } from "../../lib/provisioning/ports.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { createResource } from "../../lib/provisioning/write-resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { systemChance, systemClock } from "../../lib/system.ts";
import { seedUser } from "./people.ts";

/** A row of the embedded store. */
export interface Row {
  readonly tbl: string;
  readonly pk: string;
  readonly sk: string;
  readonly attributes: string;
  readonly wait_key: string | null;
  readonly wait_at: number | null;
  readonly expires: number | null;
}

/** One seeded user. */
export interface Filling {
  readonly id: string;
  /** As seedNumber writes it. */
  readonly number: string;
  readonly requestId: string;
}

/** What the items of a user look like. `applied` false: accepted, and still pending. */
export async function templateOf(tenant: Tenant, applied: boolean): Promise<(filling: Filling) => Row[]> {
  const filling: Filling = { id: systemChance.uuid(), number: "qzqzqzq", requestId: systemChance.uuid() };
  const rows = await writtenFor(tenant, filling, applied);
  const templates = rows.map((row) => rowTemplate(row, filling));
  return (other) => templates.map((fill) => fill(other));
}

/** What accept, and the worker when `applied`, write for this user into an empty store; its count left out. */
export async function writtenFor(tenant: Tenant, filling: Filling, applied: boolean): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-template-"));
  const db = openDatabase({ folder, tenant: tenant.name });
  try {
    const w: Worker = {
      table: sqliteTable(db),
      lanes: { leavers: silentLane, changes: silentLane },
      clock: systemClock,
      chance: { ...systemChance, uuid: () => filling.id },
      tenant,
      workerId: "seed",
    };
    const type = tenant.types.find(({ id }) => id === userType.id) ?? userType;
    const caller = { requestId: filling.requestId, tokenId: "seed" };
    const { state } = await createResource(w, type, seedUser(filling.number), { caller });
    if (applied) await apply(w, "changes", { type: type.id, id: state.id, version: state.version });
    return rowsNaming(db, filling.id);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}

const silentLane: Lane = { send: async () => {}, sendAll: async () => {}, bury: async () => {}, depth: async () => 0 };

/** Errors: Error when an item besides the count does not name the user: then a copy would not be one. */
function rowsNaming(db: DatabaseSync, id: string): Row[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the columns of our own table
  const rows = db.prepare("SELECT * FROM item").all() as unknown as Row[];
  const own = rows.filter(({ pk, sk, attributes }) => `${pk} ${sk} ${attributes}`.includes(id));
  const shared = rows.filter((row) => !own.includes(row) && row.pk !== countPartition(userType.id));
  if (shared.length > 0) throw new Error(`seeding: ${shared[0]?.pk} belongs to no user; bench/seeding must learn it`);
  return own;
}

type Slot = keyof Filling | "shard" | "wait" | "accepted";

function rowTemplate(row: Row, filling: Filling): (other: Filling) => Row {
  const isHead = row.pk === headPartition(userType.id, filling.id.slice(0, 1));
  const [pk, sk, attributes] = [row.pk, row.sk, row.attributes].map((text) => textTemplate(text, filling));
  const isLog = row.wait_key === acceptedKey(filling.id);
  return (other) => {
    const { id } = other;
    const values = { ...other, shard: id.slice(0, 1), wait: waitKey("due", id), accepted: acceptedKey(id) };
    return {
      ...row,
      pk: isHead ? headPartition(userType.id, values.shard) : (pk?.(values) ?? ""),
      sk: sk?.(values) ?? "",
      attributes: attributes?.(values) ?? "",
      wait_key: row.wait_key === null ? null : isLog ? values.accepted : values.wait,
    };
  };
}

/** The text as pieces with gaps between. */
function textTemplate(text: string, filling: Filling): (values: Record<Slot, string>) => string {
  const slots = new Map<string, Slot>([
    [filling.id, "id"],
    [filling.number, "number"],
    [filling.requestId, "requestId"],
    [JSON.stringify(waitKey("due", filling.id)), "wait"],
    [JSON.stringify(acceptedKey(filling.id)), "accepted"],
  ]);
  const pieces = text
    .split(new RegExp(`(${[...slots.keys()].join("|")})`))
    .map((piece) => slots.get(piece) ?? { piece });
  return (values) => {
    let filled = "";
    for (const part of pieces)
      if (typeof part === "object") filled += part.piece;
      else filled += part === "wait" || part === "accepted" ? JSON.stringify(values[part]) : values[part];
    return filled;
  };
}
