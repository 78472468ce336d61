/**
 * An assertion that a client has signed with its own key, in place of a secret.
 *
 * Source: RFC 7523 section 3 (which claims, and what of them), RFC 8725 (algorithms come from the key, never from the token).
 */
import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, importJWK, type JWK, jwtVerify } from "jose";
import type { UsedAssertion } from "../provisioning/access-token.ts";
import { algorithmsOf, type Credential, type PublicKey } from "../provisioning/client.ts";
import { decoyKeys } from "./decoy-keys.ts";

/** How far two clocks may differ. */
const skewSeconds = 60;
/** Most clients sign for one to five minutes; the id of each is kept for so long. */
const aheadSecondsMost = 3_600;
const jtiCharactersMost = 1_024;

export interface Asserted {
  readonly credential: Credential;
  readonly used: UsedAssertion;
}

/** Whom it names; not proved yet, and undefined where it names nobody. */
export function namedIn(assertion: string): string | undefined {
  try {
    const { sub } = decodeJwt(assertion);
    return typeof sub === "string" ? sub : undefined;
  } catch {
    return undefined;
  }
}

/**
 * With which of the keys it was signed for us, and what is to be remembered of it. Undefined when it proves nothing: then as
 * much was computed as if it had been signed with a wrong key, also for a client that there is not.
 */
export async function verifyAssertion(
  assertion: string,
  {
    clientId,
    credentials,
    audiences,
    now,
  }: { clientId: string; credentials: readonly Credential[]; audiences: readonly string[]; now: number },
): Promise<Asserted | undefined> {
  const header = headerOf(assertion);
  if (header === undefined) return undefined;
  const fitting = credentials.flatMap((credential) =>
    credential.keys.filter((key) => fits(key, header)).map((key) => ({ credential, key })),
  );
  const tried: readonly { credential?: Credential; key: PublicKey }[] =
    fitting.length > 0 ? fitting : decoyKeys.filter((key) => fits(key, { alg: header.alg })).map((key) => ({ key }));
  for (const { credential, key } of tried) {
    const used = await usedOf(assertion, key, { clientId, alg: header.alg, audiences, now });
    if (used !== undefined && credential !== undefined) return { credential, used };
  }
  return undefined;
}

interface Header {
  readonly alg: string;
  readonly kid?: string;
}

function headerOf(assertion: string): Header | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(assertion);
    return typeof alg === "string" ? { alg, ...(typeof kid === "string" && { kid }) } : undefined;
  } catch {
    return undefined;
  }
}

/** A public key is no secret for HMAC, and `none` is no algorithm. */
function fits({ kty = "", alg, kid }: PublicKey, header: Header): boolean {
  if (!(algorithmsOf[kty] ?? []).includes(header.alg) || (alg !== undefined && alg !== header.alg)) return false;
  return kid === undefined || header.kid === undefined || kid === header.kid;
}

async function usedOf(
  assertion: string,
  key: PublicKey,
  { clientId, alg, audiences, now }: { clientId: string; alg: string; audiences: readonly string[]; now: number },
): Promise<UsedAssertion | undefined> {
  try {
    const { payload } = await jwtVerify(assertion, await importJWK(key as JWK, alg), {
      algorithms: [alg],
      issuer: clientId,
      subject: clientId,
      audience: [...audiences],
      clockTolerance: skewSeconds,
      currentDate: new Date(now),
      requiredClaims: ["exp", "jti"],
    });
    const { exp = 0, iat, jti = "" } = payload;
    const seconds = now / 1000;
    if (exp > seconds + aheadSecondsMost + skewSeconds) return undefined;
    if (iat !== undefined && iat > seconds + skewSeconds) return undefined;
    if (typeof jti !== "string" || jti === "" || jti.length > jtiCharactersMost) return undefined;
    const hash = createHash("sha256").update(jti).digest("hex");
    return { hash, goodUntil: (exp + skewSeconds) * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}
