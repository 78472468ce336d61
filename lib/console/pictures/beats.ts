/** A heartbeat: when somebody called, now, and when the next call is due. */
import { html, type Html, nothing } from "../html.ts";
import { type Label, percent, picture } from "./picture.ts";

/** Times are milliseconds since 1970. */
export interface Beats {
  readonly at: readonly { readonly at: number; readonly title: string }[];
  readonly now: number;
  readonly next?: number;
  /** Under the first one, and under the last place. */
  readonly from: string;
  readonly to: string;
}

const height = 44;
const middle = 14;

/** Nothing where nobody called. */
export function beatsPicture(label: Label, { at, now, next, from, to }: Beats): Html {
  const [first] = at;
  if (first === undefined) return nothing;
  const end = Math.max(now, next ?? now);
  const xOf = (moment: number): string => percent(moment - first.at, Math.max(1, end - first.at));
  return picture(
    label,
    { height },
    html` <line class="grid" x1="0" x2="100%" y1="${middle}" y2="${middle}" />
      <line class="now" x1="${xOf(now)}" x2="${xOf(now)}" y1="2" y2="${middle * 2 - 2}"><title>now</title></line>
      ${
        next === undefined
          ? nothing
          : html`<circle class="next" cx="${xOf(next)}" cy="${middle}" r="5"
              ><title>the next call is due</title></circle
            >`
      }
      ${at.map(
        (one) =>
          html`<circle class="fill-info" cx="${xOf(one.at)}" cy="${middle}" r="5"><title>${one.title}</title></circle>`,
      )}
      <text x="0" y="${height - 4}">${from}</text>
      <text x="100%" y="${height - 4}" text-anchor="end">${to}</text>`,
  );
}
