/**
 * The public keys in a file that an identity provider's administrator hands over: a JWK, a set of them (RFC 7517), or a PEM
 * public key or certificate.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { algorithmsOf, type PublicKey } from "../provisioning/client.ts";
import { isList, isObject, type Json, type JsonObject } from "../scim/json.ts";
import { OperationError } from "./operations.ts";

const keysMost = 10;
const rsaBitsLeast = 2_048;
/** What is private in a JWK; `k` is a key that both sides have. */
const privateNames = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** `name`: of the file, for errors. Errors: OperationError, which says what is wrong and what is taken. */
export function publicKeysIn(text: string, name: string): PublicKey[] {
  if (text.includes("-----BEGIN")) return [fromPem(text, name)];
  const keys = keysOf(parsed(text, name));
  if (keys.length === 0 || keys.length > keysMost)
    throw new OperationError(`${name} holds ${keys.length} keys; give a JWK, or a set of 1 to ${keysMost}.`);
  const read = keys.map((key) => fromJwk(key, name));
  const ids = read.flatMap(({ kid }) => kid ?? []);
  if (new Set(ids).size < ids.length) throw new OperationError(`${name} holds two keys of the same kid.`);
  return read;
}

function parsed(text: string, name: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new OperationError(`${name} is neither JSON nor PEM; give a public key as JWK, as a set of them, or as PEM.`);
  }
}

function keysOf(json: Json): Json[] {
  if (!isObject(json)) return [];
  const { keys } = json;
  return keys === undefined ? [json] : isList(keys) ? [...keys] : [];
}

function fromPem(text: string, name: string): PublicKey {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw isPrivate(name);
  try {
    return checked(createPublicKey(text), {}, name);
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw new OperationError(`${name} is no PEM public key or certificate.`);
  }
}

function fromJwk(key: Json, name: string): PublicKey {
  if (!isObject(key)) throw new OperationError(`${name} holds something that is no JWK.`);
  if (privateNames.some((one) => key[one] !== undefined)) throw isPrivate(name);
  if (key["use"] !== undefined && key["use"] !== "sig")
    throw new OperationError(`${name} holds a key that is not for signatures ("use").`);
  try {
    return checked(createPublicKey({ key, format: "jwk" }), key, name);
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw new OperationError(`${name} holds a JWK that cannot be read; its kty is RSA, EC (P-256) or OKP (Ed25519).`);
  }
}

/** What is public of it, and nothing else that stood there. */
function checked(key: KeyObject, { kid, alg }: JsonObject, name: string): PublicKey {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  const isTaken =
    (type === "rsa" && (details.modulusLength ?? 0) >= rsaBitsLeast) ||
    (type === "ec" && details.namedCurve === "prime256v1") ||
    type === "ed25519";
  if (!isTaken)
    throw new OperationError(
      `${name} holds a key that is not taken here; take RSA of at least ${rsaBitsLeast} bits, EC on P-256, or Ed25519.`,
    );
  const jwk = key.export({ format: "jwk" }) as Record<string, string>;
  const taken = algorithmsOf[jwk["kty"] ?? ""] ?? [];
  if (alg !== undefined && !(typeof alg === "string" && taken.includes(alg)))
    throw new OperationError(
      `${name} holds a key for an algorithm ("alg") that is not taken; take ${taken.join(", ")}.`,
    );
  return {
    ...jwk,
    ...(typeof kid === "string" && { kid }),
    ...(typeof alg === "string" && { alg }),
  };
}

function isPrivate(name: string): OperationError {
  return new OperationError(
    `${name} holds a private key, which stays with the identity provider: give its public part alone.`,
  );
}
