/** What came since the page was loaded: it is announced, and shown when it is asked for, so that nothing moves under the eye. */
import type { ActivityPage } from "../../ops/activity/activity.ts";
import { counted } from "../../ops/words.ts";
import { html, type Html, nothing } from "../html.ts";
import { type Asked, hrefTo } from "./asked.ts";

export const newerId = "activity-newer";
/** What is read aloud of it: once, however many more come. */
export const newerSaidId = "activity-newer-said";

export function newerSaid({ rows }: ActivityPage): Html {
  return rows.length === 0 ? nothing : html`Newer rows have come.`;
}

export function newer(asked: Asked, { rows, next }: ActivityPage): Html {
  if (rows.length === 0) return upToDate();
  return html`<a class="button primary" href="${hrefTo(asked)}"
    >${next === undefined ? counted(rows.length, "newer row") : `More than ${rows.length} newer`}: show</a
  >`;
}

/** Before anything is known of what came since. */
export function upToDate(): Html {
  return html`<span class="quiet needs-script">Nothing newer.</span>`;
}
