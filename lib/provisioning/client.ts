/**
 * OAuth clients as they are stored: an identity provider that proves itself at `/oauth/token` with a secret or a key of its own
 * and gets a token for a while. The item is a token's, so that contact, evidence and revocation are those of a token; it has
 * no hash of its own, so the secret itself opens nothing.
 *
 * While a client is rotated, a second secret (or set of keys) lives beside the first.
 */
import { noted } from "./contact.ts";
import { defined, number, text } from "./head.ts";
import { tokenKey } from "./keys.ts";
import type { Attributes, Item, Table } from "./ports.ts";
import { succeeds } from "./succeeds.ts";
import { type StoredToken, tokenItems, tokenOf } from "./token.ts";

/** `secret`: the client sends it (RFC 6749 section 2.3.1). `key`: it signs an assertion (RFC 7523), and we have the public part. */
export type ProofKind = "secret" | "key";

/** What a client is known by. */
export interface Credential {
  /** SHA-256 of the whole secret, in hex; absent for keys. */
  readonly secretHash?: string;
  /** Public keys (RFC 7517); none for a secret. */
  readonly keys: readonly PublicKey[];
  /** Milliseconds since 1970, as all times here. */
  readonly madeAt: number;
  /** To the minute. */
  readonly usedAt?: number;
}

/** A public JWK: as it was given, without what is private. */
export type PublicKey = Readonly<Record<string, string>>;

/** What a key may sign with, by its `kty`: it is the key that says so, as no signed text can be believed before. */
export const algorithmsOf: Readonly<Record<string, readonly string[]>> = {
  RSA: ["RS256", "PS256"],
  EC: ["ES256"],
  // The same algorithm by its older name and by that of RFC 9864.
  OKP: ["EdDSA", "Ed25519"],
};

export interface StoredClient extends StoredToken {
  readonly proof: ProofKind;
  readonly current: Credential;
  /** The second one, while the client is rotated. */
  readonly next?: Credential;
}

export type NewCredential = Pick<Credential, "secretHash" | "keys">;

const useNotedEveryMs = 60_000;

/** Undefined for what is no client. */
export function clientOf(item: Item | undefined): StoredClient | undefined {
  if (item === undefined) return undefined;
  const proof = text(item.attributes, "proof");
  const current = credentialIn(item.attributes, "current");
  const next = credentialIn(item.attributes, "next");
  if ((proof !== "secret" && proof !== "key") || current === undefined) return undefined;
  return { ...tokenOf(item), proof, current, ...defined({ next }) };
}

/** Also those that were revoked. */
export async function readClient(table: Table, id: string): Promise<StoredClient | undefined> {
  return clientOf(await table.get(tokenKey(id)));
}

/** All by id, those that were revoked included. */
export async function listClients(table: Table): Promise<StoredClient[]> {
  return (await tokenItems(table)).flatMap((item) => clientOf(item) ?? []);
}

export async function putClient(
  table: Table,
  client: Pick<StoredClient, "id" | "label" | "createdAt" | "proof" | "idp">,
  credential: NewCredential,
): Promise<void> {
  const { id, idp, ...rest } = client;
  const attributes = {
    ...rest,
    ...attributesOf("current", credential, client.createdAt),
    ...(idp === undefined ? {} : { idp }),
  };
  await table.write({ kind: "put", key: tokenKey(id), attributes, if: [{ is: "absent" }] });
}

/** False when there is a second one already, or no such client that is alive. */
export async function addCredential(
  table: Table,
  id: string,
  credential: NewCredential,
  now: number,
): Promise<boolean> {
  const set = attributesOf("next", credential, now);
  return await succeeds(
    table.write({
      kind: "update",
      key: tokenKey(id),
      if: [{ is: "present" }, { is: "missing", attribute: "revokedAt" }, { is: "missing", attribute: "nextMadeAt" }],
      set,
    }),
  );
}

/** The second one alone is good from now on. False when it is not the one that was read. */
export async function keepNext(table: Table, { id, next }: StoredClient): Promise<boolean> {
  if (next === undefined) return false;
  return await settled(table, id, next, {
    set: { ...attributesOf("current", next, next.madeAt), ...defined({ currentUsedAt: next.usedAt }) },
    remove: [...names("next"), ...(next.usedAt === undefined ? ["currentUsedAt"] : [])],
  });
}

/** The first one alone is good from now on. False when the second is not the one that was read. */
export async function dropNext(table: Table, { id, next }: StoredClient): Promise<boolean> {
  if (next === undefined) return false;
  return await settled(table, id, next, { remove: names("next") });
}

async function settled(
  table: Table,
  id: string,
  { madeAt }: Credential,
  change: { set?: Attributes; remove: readonly string[] },
): Promise<boolean> {
  const same = { is: "equal", attribute: "nextMadeAt", value: madeAt } as const;
  return await succeeds(table.write({ kind: "update", key: tokenKey(id), if: [same], ...change }));
}

/** At most once a minute; a note that cannot be written is no reason to refuse a token. */
export async function noteCredentialUse(
  table: Table,
  { id, next }: StoredClient,
  credential: Credential,
  now: number,
): Promise<void> {
  if (credential.usedAt !== undefined && now - credential.usedAt < useNotedEveryMs) return;
  const slot = credential === next ? "next" : "current";
  // Meanwhile the client may have been rotated: what was used is then another one, or gone.
  const same = { is: "equal", attribute: `${slot}MadeAt`, value: credential.madeAt } as const;
  await noted(table, tokenKey(id), { set: { [`${slot}UsedAt`]: now }, if: [same] });
}

type Slot = "current" | "next";

function names(slot: Slot): string[] {
  return ["Hash", "Keys", "MadeAt", "UsedAt"].map((name) => `${slot}${name}`);
}

function attributesOf(slot: Slot, { secretHash, keys }: NewCredential, madeAt: number): Attributes {
  return {
    [`${slot}MadeAt`]: madeAt,
    ...(secretHash === undefined
      ? { [`${slot}Keys`]: keys.map((key) => JSON.stringify(key)) }
      : { [`${slot}Hash`]: secretHash }),
  };
}

function credentialIn(a: Attributes, slot: Slot): Credential | undefined {
  const madeAt = number(a, `${slot}MadeAt`);
  if (madeAt === undefined) return undefined;
  const keys = a[`${slot}Keys`];
  return {
    keys: Array.isArray(keys) ? keys.map((key: string) => JSON.parse(key) as PublicKey) : [],
    madeAt,
    ...defined({ secretHash: text(a, `${slot}Hash`), usedAt: number(a, `${slot}UsedAt`) }),
  };
}
