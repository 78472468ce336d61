/** The tenant's secret for cursors: made on first use, the same for every instance of the function from then on. */
import { text } from "./head.ts";
import { cursorSecretKey } from "./keys.ts";
import { TableError } from "./ports.ts";
import type { Provisioning } from "./state.ts";

/** 244 random bits as text. Errors: TableError. */
export async function cursorSecret({ table, chance }: Provisioning): Promise<string> {
  const stored = await table.get(cursorSecretKey);
  const known = stored && text(stored.attributes, "secret");
  if (known !== undefined) return known;
  const secret = `${chance.uuid()}${chance.uuid()}`;
  try {
    await table.write({ kind: "put", key: cursorSecretKey, attributes: { secret }, if: [{ is: "absent" }] });
    return secret;
  } catch (error) {
    // Another instance was first: its secret is the one.
    if (!(error instanceof TableError) || (error.kind !== "condition" && error.kind !== "lost")) throw error;
    const item = await table.get(cursorSecretKey);
    const theirs = item && text(item.attributes, "secret");
    if (theirs === undefined) throw error;
    return theirs;
  }
}
