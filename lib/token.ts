/**
 * Bearer tokens: `rc_<id>_<secret>`. The id finds the stored hash; the secret is what the client proves.
 *
 * An OAuth client has a secret `rcs_<client id>_<secret>`, and gets access tokens `rca_<client id>_<secret>` for it. No text is
 * good for what another one is for. The prefix lets secret scanners recognise what leaked into a repository or a log.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

export interface NewToken {
  readonly id: string;
  /** The whole token: shown once, never stored. */
  readonly text: string;
}

const form = /^rc_([a-z0-9]{3,32})_[A-Za-z0-9]{32,256}$/;
const accessForm = /^rca_([a-z0-9]{3,32})_[A-Za-z0-9]{32,256}$/;

const idAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const secretAlphabet = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${idAlphabet}`;
/** 43 of 62 characters hold 256 bits. */
const secretLength = 43;
const idLength = 10;

/** A token that nobody can guess; its id is random when none is given. */
export function newToken(id: string = randomText(idAlphabet, idLength)): NewToken {
  return { id, text: `rc_${id}_${randomText(secretAlphabet, secretLength)}` };
}

/** The secret of an OAuth client. */
export function newClientSecret(clientId: string): string {
  return `rcs_${clientId}_${randomText(secretAlphabet, secretLength)}`;
}

/** What an OAuth client shows for a while, in place of its secret. */
export function newAccessToken(clientId: string): string {
  return `rca_${clientId}_${randomText(secretAlphabet, secretLength)}`;
}

/** The id in a token, or undefined when the text does not have the form of one. */
export function tokenId(text: string): string | undefined {
  return form.exec(text)?.[1];
}

/** The id of the client in an access token, or undefined when the text does not have the form of one. */
export function accessTokenClient(text: string): string | undefined {
  return accessForm.exec(text)?.[1];
}

export function isClientSecret(text: string): boolean {
  return text.startsWith("rcs_");
}

/**
 * What signs the requests to a webhook; its receiver has it, too. 256 bits.
 *
 * Source: the Standard Webhooks specification, "Signature scheme".
 */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/**
 * What is stored of a token: SHA-256 of all of it, in hex.
 *
 * A slow hash would protect passwords, which people choose. 32 random characters cannot be tried out, whatever the hash.
 */
export function hashToken(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** In constant time, so that answers do not tell how much of a guess was right. */
export function equalHashes(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
