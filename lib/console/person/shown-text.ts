/** Values and paths as the person's page shows them. */
import type { Json } from "../../scim/json.ts";
import { html, type Html } from "../html.ts";
import { shownValue, type View } from "../view.ts";

/** How a value is shown. Masked until it is asked for, but for the names that the page shows anyway. */
export type ShowValue = (value: Json | undefined) => string;

export function valueShower(view: View, names: readonly string[]): ShowValue {
  const known = new Set(names);
  return (value) => (typeof value === "string" && known.has(value) ? value : shownValue(view, value));
}

/** A long URN is cut at its beginning, which says least; the whole one is in the title. */
export function pathCode(path: string): Html {
  return html`<code title="${path}">${path.replace(/^urn:ietf:params:scim:schemas:(?:extension:)?/, "…")}</code>`;
}
