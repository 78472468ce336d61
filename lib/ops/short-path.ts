/** Attribute paths for people: all extensions of the RFC and of Entra begin the same, and 80 columns have no room for it. */

const prefix = "urn:ietf:params:scim:schemas:extension:";
const ellipsis = "…";

/** `…enterprise:2.0:User:department` */
export function shortPath(path: string): string {
  return path.startsWith(prefix) ? `${ellipsis}${path.slice(prefix.length)}` : path;
}

/** To be said once where any path was shortened. */
export const shortPathNote = `${ellipsis} stands for ${prefix}`;
