/**
 * ETags: the version of a resource in HTTP's words.
 *
 * Source: RFC 7644 section 3.14; RFC 9110 sections 8.8.3 and 13.1.
 */

/** Weak: two answers of one version may differ in what they show. */
export function etag(version: number): string {
  return `W/"${version}"`;
}

/**
 * Whether an `If-Match` or `If-None-Match` header names this version. Weak and strong tags count alike, because ours are
 * weak and a strong comparison would make every `If-Match` fail (R99).
 */
export function matchesEtag(header: string, version: number): boolean {
  return header.split(",").some((part) => {
    const tag = part.trim();
    return tag === "*" || (tag.startsWith("W/") ? tag.slice(2) : tag) === `"${version}"`;
  });
}
