/** The tenant's secret for cursors: made on first use, the same for every instance of the function from then on. */
import { text } from "./head.ts";
import { cursorSecretKey } from "./keys.ts";
import { type Table, TableError } from "./ports.ts";
import type { Provisioning } from "./state.ts";

/** Undefined: nobody has made it yet. Errors: TableError. */
export async function readCursorSecret(table: Table): Promise<string | undefined> {
  const stored = await table.get(cursorSecretKey);
  return stored && text(stored.attributes, "secret");
}

/** 244 random bits as text. Errors: TableError. */
export async function cursorSecret({ table, chance }: Pick<Provisioning, "table" | "chance">): Promise<string> {
  const known = await readCursorSecret(table);
  if (known !== undefined) return known;
  const secret = `${chance.uuid()}${chance.uuid()}`;
  try {
    await table.write({ kind: "put", key: cursorSecretKey, attributes: { secret }, if: [{ is: "absent" }] });
    return secret;
  } catch (error) {
    // Another instance was first: its secret is the one.
    if (!(error instanceof TableError) || (error.kind !== "condition" && error.kind !== "lost")) throw error;
    const theirs = await readCursorSecret(table);
    if (theirs === undefined) throw error;
    return theirs;
  }
}
