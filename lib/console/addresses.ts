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
