/**
 * Whoever showed a token of ours from an address that the tenant may not be asked from. One item, so that an attack makes no
 * more; whoever shows no such token is not noted at all, as anybody may knock at a public address.
 */
import { noted } from "./contact.ts";
import { expiresAfter } from "./expiry.ts";
import { defined, number, text } from "./head.ts";
import { refusedAddressKey } from "./keys.ts";
import type { Table } from "./ports.ts";

export interface RefusedAddress {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly address: string;
  /** As it was shown: the token was not looked at. */
  readonly tokenId: string;
  readonly requestId?: string;
}

const keptDays = 30;

/** A note that cannot be written is no reason for another answer. Whoever calls this does so at most once a minute. */
export async function noteRefusedAddress(
  table: Table,
  { at, address, tokenId, requestId }: RefusedAddress,
): Promise<void> {
  const set = { at, address, tokenId, expires: expiresAfter(at, keptDays), ...defined({ requestId }) };
  await noted(table, refusedAddressKey, { set });
}

/** The latest; undefined: none was noted within 30 days. Errors: TableError. */
export async function readRefusedAddress(table: Table, now: number): Promise<RefusedAddress | undefined> {
  const attributes = (await table.get(refusedAddressKey))?.attributes;
  const at = attributes === undefined ? undefined : number(attributes, "at");
  if (attributes === undefined || at === undefined || now - at > keptDays * 86_400_000) return undefined;
  const [address = "", tokenId = ""] = [text(attributes, "address"), text(attributes, "tokenId")];
  return { at, address, tokenId, ...defined({ requestId: text(attributes, "requestId") }) };
}
