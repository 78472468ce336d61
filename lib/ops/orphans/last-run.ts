/** What the last look for orphans found, so that the doctor need not look itself: that is a walk over everybody. */
import { number } from "../../provisioning/head.ts";
import { orphansKey } from "../../provisioning/keys.ts";
import type { Table } from "../../provisioning/ports.ts";

export interface LastRun {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly days: number;
  readonly active: number;
  readonly silent: number;
  readonly groupless: number;
  readonly dangling: number;
  /** Only when it was compared with an export. */
  readonly missing?: number;
  readonly extra?: number;
  readonly different?: number;
}

const counts = ["missing", "extra", "different"] as const;

/** Errors: TableError. */
export async function noteLastRun(table: Table, run: LastRun): Promise<void> {
  await table.write({ kind: "put", key: orphansKey, attributes: { ...run } });
}

/** Errors: TableError. */
export async function readLastRun(table: Table): Promise<LastRun | undefined> {
  const a = (await table.get(orphansKey))?.attributes;
  if (a === undefined) return undefined;
  const of = (name: string) => number(a, name) ?? 0;
  return {
    at: of("at"),
    days: of("days"),
    active: of("active"),
    silent: of("silent"),
    groupless: of("groupless"),
    dangling: of("dangling"),
    ...Object.fromEntries(counts.flatMap((name) => (number(a, name) === undefined ? [] : [[name, of(name)]]))),
  };
}
