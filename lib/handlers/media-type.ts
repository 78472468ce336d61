/** Media types: what is read, and what is answered (D22, RFC 7644 sections 3.1 and 8.1). */
import { ScimError } from "../scim/error.ts";

const scimJson = "application/scim+json";
const json = "application/json";

/** Letter case and parameters other than `charset` do not count; no type at all is read as JSON. Errors: ScimError 415. */
export function checkContentType(contentType = ""): void {
  const name = essence(contentType);
  if (name !== "" && name !== scimJson && name !== json) {
    throw new ScimError(415, undefined, `the body's media type is "${name.slice(0, 64)}"; send ${scimJson} or ${json}`);
  }
  // SCIM is UTF-8 (RFC 7644 section 3.8): text in another charset would be stored with wrong letters.
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1]?.toLowerCase() ?? "";
  if (charset === "" || charset === "utf-8" || charset === "utf8") return;
  throw new ScimError(415, undefined, `the body's charset is "${charset.slice(0, 64)}"; send UTF-8`);
}

/**
 * No coding is undone here: a small body that becomes a large one never gets the chance. Errors: ScimError 415, which says
 * what to leave out (RFC 9110 section 8.4).
 */
export function checkContentEncoding(contentEncoding = ""): void {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === "" || coding === "identity") return;
  const detail = `the body's content coding is "${coding.slice(0, 64)}"; send it without Content-Encoding`;
  throw new ScimError(415, undefined, detail, { headers: { "accept-encoding": "identity" } });
}

/** `application/scim+json`, unless the client reads plain JSON only; errors included (R115). */
export function answerType(accept: string): string {
  const accepted = accept.split(",").map(essence);
  const onlyJson = accepted.includes(json) && !accepted.some((name) => name === scimJson || name.endsWith("/*"));
  return onlyJson ? json : scimJson;
}

function essence(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}
