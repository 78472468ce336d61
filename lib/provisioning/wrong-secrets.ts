/**
 * Wrong client secrets, by where they come from: after five in a row that network waits, longer each time. Not by client:
 * whoever knows a client's id could then keep its identity provider out.
 */
import { clientOf, type StoredClient } from "./client.ts";
import { number } from "./head.ts";
import { tokenKey, wrongSecretsKey } from "./keys.ts";
import { type Item, type Table, TableError } from "./ports.ts";
import { succeeds } from "./succeeds.ts";

export interface WrongSecrets {
  /** In a row. */
  readonly count: number;
  /** The last one: milliseconds since 1970. */
  readonly at: number;
}

const free = 5;
const waitSecondsMost = 60;
const forgottenAfterMs = 15 * 60_000;

/** A client, and whether who asks for it has to wait; in one read. Units: whole seconds. Errors: TableError. */
export async function readClientAsked(
  table: Table,
  { clientId, network, now }: { clientId: string; network: string; now: number },
): Promise<{ client: StoredClient | undefined; wrong: WrongSecrets | undefined; waitSeconds: number }> {
  const [clientItem, item] = await table.batchGet([tokenKey(clientId), wrongSecretsKey(network)]);
  const wrong = wrongSecretsOf(item);
  return { client: clientOf(clientItem), wrong, waitSeconds: waitSecondsAfter(wrong, now) };
}

/** One more. What cannot be written slows nobody down, and is no reason for another answer. */
export async function noteWrongSecret(
  table: Table,
  { network, wrong, now }: { network: string; wrong: WrongSecrets | undefined; now: number },
): Promise<void> {
  const key = wrongSecretsKey(network);
  const times = { at: now, expires: Math.ceil((now + forgottenAfterMs) / 1000) };
  await quietly(async () => {
    if (wrong !== undefined && isForgotten(wrong, now)) {
      // The first of a burst begins again from one, and the others come on top of that.
      const asRead = { is: "equal", attribute: "at", value: wrong.at } as const;
      if (await succeeds(table.write({ kind: "update", key, set: { count: 1, ...times }, if: [asRead] }))) return;
    }
    await table.write({ kind: "update", key, add: { count: 1 }, set: times });
  });
}

/** After a right one. */
export async function forgetWrongSecrets(table: Table, network: string): Promise<void> {
  await quietly(async () => await table.write({ kind: "delete", key: wrongSecretsKey(network) }));
}

/** 1, 2, 4 … 60 seconds after the fifth, sixth, seventh … */
function waitSecondsAfter(wrong: WrongSecrets | undefined, now: number): number {
  if (wrong === undefined || wrong.count < free || isForgotten(wrong, now)) return 0;
  const wholeMs = Math.min(waitSecondsMost, 2 ** (wrong.count - free)) * 1000;
  return Math.max(0, Math.ceil((wrong.at + wholeMs - now) / 1000));
}

function isForgotten({ at }: WrongSecrets, now: number): boolean {
  return now - at > forgottenAfterMs;
}

function wrongSecretsOf(item: Item | undefined): WrongSecrets | undefined {
  const count = item && number(item.attributes, "count");
  const at = item && number(item.attributes, "at");
  return count === undefined || at === undefined ? undefined : { count, at };
}

async function quietly(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}
