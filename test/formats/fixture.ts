/** What a release left in its tables and queues, as run.ts wrote it. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Attributes, TableName } from "../../lib/provisioning/ports.ts";

export interface Fixture {
  readonly release: string;
  /** When it was written. Milliseconds since 1970. */
  readonly at: number;
  /** Of the embedded file: its form, in its own words. */
  readonly userVersion: number;
  readonly schema: readonly string[];
  readonly items: readonly {
    readonly table: TableName;
    readonly pk: string;
    readonly sk: string;
    readonly attributes: Attributes;
  }[];
  readonly messages: readonly {
    readonly queue: string;
    readonly body: string;
    readonly reason?: string;
    readonly sentAt: number;
  }[];
  /** Of a list of users, after five. */
  readonly cursor: string;
  /** By the names of company.ts. */
  readonly ids: Readonly<Record<string, string>>;
}

/** It opens nothing but these fixtures. */
export const token = "rc_formats_0123456789abcdefghijklmnopqrstuvwxyz0123";

const folder = join(import.meta.dirname, "releases");

export const releases: readonly Fixture[] = globSync("*.json", { cwd: folder })
  .map((file) => basename(file))
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
