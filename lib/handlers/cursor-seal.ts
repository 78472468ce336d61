/**
 * Seals cursors with AES-256-GCM: nobody can read, change or make one, and one of another query does not open.
 *
 * Source: RFC 9865 section 5; NIST SP 800-38D for the 96-bit random nonce.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { cursorSecret } from "../provisioning/cursor-secret.ts";
import type { Lanes } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";
import type { Seal } from "../scim/cursor.ts";

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** The secret is read once in the life of a function's instance. Errors: TableError. */
export async function cursorSeal(p: Provisioning): Promise<Seal> {
  const known = seals.get(p.lanes);
  if (known !== undefined) return known;
  const seal = sealWith(await cursorSecret(p));
  seals.set(p.lanes, seal);
  return seal;
}

/** By what a composition root makes once: the table is another one for each request (patient-reads.ts). */
const seals = new WeakMap<Lanes, Seal>();

export function sealWith(secret: string): Seal {
  const key = createHash("sha256").update(secret).digest();
  return {
    seal: (text, boundTo) => {
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(boundTo));
      const sealed = Buffer.concat([sealing.update(text, "utf8"), sealing.final()]);
      return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString("base64url");
    },
    open: (text, boundTo) => {
      const bytes = Buffer.from(text, "base64url");
      const [tagAt, sealedAt] = [nonceBytes, nonceBytes + tagBytes];
      if (bytes.length <= sealedAt) return undefined;
      const opening = createDecipheriv(cipher, key, bytes.subarray(0, tagAt), { authTagLength: tagBytes })
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(tagAt, sealedAt));
      try {
        return Buffer.concat([opening.update(bytes.subarray(sealedAt)), opening.final()]).toString("utf8");
      } catch {
        // The tag does not fit: not ours, or of another query.
        return undefined;
      }
    },
  };
}
