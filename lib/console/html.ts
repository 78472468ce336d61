/** HTML as Hono's template tag makes it: whatever is put in is escaped, unless it is HTML of ours already. */
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export { html };

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A text that stands for itself, or a piece of a page. */
export type Content = Html | string | number;

export const nothing: Html = html``;

/** What a list shows one behind the other. */
export function joined(parts: readonly Content[], between: Content = ""): Html {
  return html`${parts.map((part, n) => (n === 0 ? part : html`${between}${part}`))}`;
}
