/** The addresses of the pages about one thing: they can be sent to a colleague. */
import { groupType } from "../scim/resource-type.ts";

/** Groups have pages of their own; all else stands with the people. */
export function addressOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `/${type === groupType.id ? "groups" : "people"}/${encodeURIComponent(id)}`;
}

/** Of what failed with a reason code. */
export function causeAddress(cause: string): string {
  return `/failed/${encodeURIComponent(cause)}`;
}

/** With what is asked for behind it; what is undefined is left out. */
export function hrefOf(path: string, asked: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/**
 * What was asked for or handed in may be anything: only a path of this console is gone to, the overview otherwise. A browser takes
 * `//` and `/\` for another host, and leaves out tabs and ends of lines before it looks.
 */
export function pathOfOurs(text: unknown): string {
  return typeof text === "string" && /^\/(?![/\\])[^\t\r\n]*$/.test(text) ? text : "/";
}
