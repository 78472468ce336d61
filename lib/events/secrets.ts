/**
 * The secrets by which a webhook's receiver knows our requests: one, or two while it changes from one to the other. They stand
 * on the sink's item of the Events table, which neither the application nor the identity provider can read.
 */
import { text } from "../provisioning/head.ts";
import { sinkKey } from "../provisioning/keys.ts";
import { type Clock, type Table, TableError, type Update } from "../provisioning/ports.ts";
import { newWebhookSecret } from "../token.ts";

/** The newest first; one or two. */
export type Secrets = readonly [string, ...string[]];

/** Makes the first one where there is none. Errors: TableError. */
export async function liveSecrets(table: Table, sink: string): Promise<Secrets> {
  return await changed(table, sink, ([secret, ...others]) => {
    return secret === undefined ? [newWebhookSecret()] : [secret, ...others];
  });
}

/** A new one beside the one of now; a former one ends. Errors: TableError. */
export async function rotateSecret(table: Table, sink: string): Promise<Secrets> {
  return await changed(table, sink, ([secret]) => [newWebhookSecret(), ...(secret === undefined ? [] : [secret])]);
}

/** Ends the former one. Errors: TableError. */
export async function retireSecret(table: Table, sink: string): Promise<Secrets> {
  return await changed(table, sink, ([secret]) => [secret ?? newWebhookSecret()]);
}

const timesMost = 5;

/** Two that change them at one moment do it one after the other. */
async function changed(table: Table, sink: string, change: (now: readonly string[]) => Secrets): Promise<Secrets> {
  for (let times = 1; ; times += 1) {
    const before = await readSecrets(table, sink);
    const after = change(before);
    if (before.join(" ") === after.join(" ")) return after;
    try {
      await table.write(writeOf(sink, before, after));
      return after;
    } catch (error) {
      // Lost: the next look says whether it happened, and then rotates no further.
      const isKnown = error instanceof TableError && error.kind !== "newer";
      if (!isKnown || error.kind === "throttled" || times === timesMost) throw error;
      if (error.kind === "lost" && (await readSecrets(table, sink)).join(" ") === after.join(" ")) return after;
    }
  }
}

async function readSecrets(table: Table, sink: string): Promise<readonly string[]> {
  const attributes = (await table.get(sinkKey(sink)))?.attributes ?? {};
  const [secret, former] = [text(attributes, "secret"), text(attributes, "formerSecret")];
  return [secret, former].filter((one) => one !== undefined);
}

function writeOf(sink: string, [before]: readonly string[], [secret, former]: Secrets): Update {
  return {
    kind: "update",
    key: sinkKey(sink),
    if: [
      before === undefined
        ? { is: "missing", attribute: "secret" }
        : { is: "equal", attribute: "secret", value: before },
    ],
    set: { secret, ...(former !== undefined && { formerSecret: former }) },
    ...(former === undefined && { remove: ["formerSecret"] }),
  };
}

const readAgainMs = 10_000;

/** For whoever sends: read now and then, not for each event. Errors of what it gives: TableError. */
export function secretsOf(table: Table, sink: string, clock: Clock): () => Promise<Secrets> {
  let read: { readonly at: number; readonly secrets: Secrets } | undefined;
  return async () => {
    if (read === undefined || clock.now() - read.at > readAgainMs) {
      read = { at: clock.now(), secrets: await liveSecrets(table, sink) };
    }
    return read.secrets;
  };
}
