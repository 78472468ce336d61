/** A bar beside a number in a list: how much of the most it is. It says nothing that the number does not. */
import { html, type Html } from "../html.ts";
import { type Fill, percent } from "./picture.ts";

const height = 8;

export function shareBar(count: number, most: number, fill: Fill): Html {
  return html`<svg class="bar" aria-hidden="true" width="100%" height="${height}">
    <rect class="track" width="100%" height="${height}" rx="4" />
    ${count <= 0 ? "" : html`<rect class="fill-${fill}" width="${percent(Math.max(count / most, 0.02), 1)}" height="${height}" rx="4" />`}
  </svg>`;
}
