/** What pages are made of. All of it is plain HTML that works without script. */
import { age } from "../ops/words.ts";
import { type Content, html, type Html, joined, nothing } from "./html.ts";
import type { View } from "./view.ts";

export type Tone = "good" | "warn" | "bad" | "info" | "quiet";

/** A state in a word. The colour tells nothing that the word does not. */
export function chip(tone: Tone, text: string): Html {
  return html`<span class="chip ${tone}">${text}</span>`;
}

/** How long ago, with the exact time on hover; the other way round where `exact`. Units: milliseconds since 1970. */
export function time(view: View, at: number | undefined, { exact = false } = {}): Html {
  if (at === undefined) return html`<span class="quiet">never</span>`;
  const [whole, ago] = [exactTime(view, at), agoText(view.now - at)];
  const iso = new Date(at).toISOString();
  return exact
    ? html`<time datetime="${iso}" title="${ago}">${whole}</time>`
    : html`<time datetime="${iso}" title="${whole}" data-ago>${ago}</time>`;
}

/** `3 min ago`, `in 2 days`. Units: milliseconds. */
function agoText(ms: number): string {
  if (Math.abs(ms) < 1_000) return "now";
  return ms < 0 ? `in ${age(-ms)}` : `${age(ms)} ago`;
}

/** `2026-11-24 14:05:09 CET`, in the zone that the page names. */
export function exactTime({ timeZone }: Pick<View, "timeZone">, at: number): string {
  return `${formatIn(timeZone).whole.format(at)} ${zoneName(timeZone, at)}`;
}

/** `CET`, `GMT+2`: as it is called at that moment. */
export function zoneName(timeZone: string, at: number): string {
  const parts = formatIn(timeZone).zone.formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

const formats = new Map<string, { readonly whole: Intl.DateTimeFormat; readonly zone: Intl.DateTimeFormat }>();

/** Made once: a page has a hundred times, and each new format takes a tenth of a millisecond. */
function formatIn(timeZone: string): NonNullable<ReturnType<typeof formats.get>> {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = {
    whole: new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }),
    zone: new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "short" }),
  };
  formats.set(timeZone, made);
  return made;
}

/** An id or a name as it is, with a button that copies it. `label`: what it is, for whoever does not see it. */
export function copyable(text: string, label: string, { short }: { short?: string } = {}): Html {
  return html`<span class="copyable"
    ><code title="${text}">${short ?? text}</code>${copyButton(text, `Copy ${label}`)}</span
  >`;
}

export function copyButton(text: string, label: string): Html {
  return html`<button
    type="button"
    class="copy needs-script"
    data-copy="${text}"
    aria-label="${label}"
    title="${label}"
  >
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path class="before" d="M5.5 5.5h7v8h-7z M10.5 5.5v-3h-7v8h2" />
      <path class="after" d="M3 8.5l3.5 3.5L13 4.5" />
    </svg>
  </button>`;
}

/** A sentence in which `words` between backticks are code. */
export function withCode(text: string): Html {
  return joined(text.split("`").map((part, n) => (n % 2 === 0 ? part : html`<code>${part}</code>`)));
}

/** The first eight characters of an id, which are enough to tell it from others. */
export function idCode(id: string, label = "the id"): Html {
  return copyable(id, label, { short: id.slice(0, 8) });
}

/** What does the same on the command line. `words`: as they are pasted. */
export function command(words: string, intro = "The same on the command line"): Html {
  return html`<div class="command">
    <span class="label">${intro}</span><code>${words}</code>${copyButton(words, "Copy the command")}
  </div>`;
}

/** A part of a page with a title of its own. `id` makes it a place that a link can name. */
export function section(title: string, content: Content, options: { id?: string; aside?: Content } = {}): Html {
  const { id, aside } = options;
  return html`<section class="card" ${id === undefined ? nothing : html`id="${id}"`}>
    <header>
      <h2>${title}</h2>
      ${aside === undefined ? nothing : html`<div class="aside">${aside}</div>`}
    </header>
    ${content}
  </section>`;
}

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** Left out where the page is narrow. */
  readonly isMinor?: boolean;
}

export interface Row {
  readonly cells: readonly Content[];
  readonly id?: string;
  /** j and k go from one row to the next, Enter opens this. */
  readonly href?: string;
}

/**
 * `caption`: what the table lists, for whoever does not see the title above it. `stacks`: where the page is narrow, each row is a
 * block with the titles before its values, for cells of many words.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly Row[],
  { stacks = false }: { stacks?: boolean } = {},
): Html {
  const classOf = ({ isNumber, isMinor }: Column): string =>
    [...(isNumber === true ? ["number"] : []), ...(isMinor === true ? ["minor"] : [])].join(" ");
  return html`<div class="${stacks ? "table stacks" : "table"}" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ cells, href, id }) =>
            html`<tr
              ${id === undefined ? nothing : html`id="${id}"`}
              ${href === undefined ? nothing : html`data-href="${href}"`}
            >
              ${cells.map((cell, n) => {
                const column = columns[n] ?? { title: "" };
                return stacks
                  ? html`<td class="${classOf(column)}" data-title="${column.title}"><div>${cell}</div></td>`
                  : html`<td class="${classOf(column)}">${cell}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Nothing is there: what that means, and what to do. */
export function empty(title: string, content: Content = nothing): Html {
  return html`<div class="empty">
    <p class="title">${title}</p>
    ${content}
  </div>`;
}

/** A text may have `words` that are code. */
export function notice(tone: Tone, content: Content): Html {
  return html`<div class="notice ${tone}">${typeof content === "string" ? withCode(content) : content}</div>`;
}

/** Name and value, one under the other. */
export function facts(pairs: readonly (readonly [name: string, value: Content])[]): Html {
  return html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export interface FormOptions {
  /** Where it goes: a path of ours. */
  readonly action: string;
  readonly button: string;
  readonly tone?: "primary" | "danger" | "plain";
  /** Sent along. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly fields?: Content;
  readonly takesFile?: boolean;
}

/** A button that does something, with the session's token. */
export function actionForm({ csrfToken }: View, options: FormOptions): Html {
  const { action, button, tone = "plain", hidden = {}, fields = nothing, takesFile = false } = options;
  return html`<form method="post" action="${action}" ${takesFile ? html`enctype="multipart/form-data"` : nothing}>
    <input type="hidden" name="csrf" value="${csrfToken}" />
    ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${fields}
    <button type="submit" class="button ${tone}">${button}</button>
  </form>`;
}

export function linkButton(href: string, text: string, tone: "primary" | "plain" = "plain"): Html {
  return html`<a class="button ${tone}" href="${href}">${text}</a>`;
}

/** Where a list goes on. Addresses, so that the browser's back button works. */
export function pager(links: { first?: string; next?: string }): Html {
  const { first, next } = links;
  if (first === undefined && next === undefined) return nothing;
  return html`<nav class="pager" aria-label="Pages">
    ${joined(
      [
        ...(first === undefined ? [] : [html`<a class="button plain" href="${first}">From the beginning</a>`]),
        ...(next === undefined ? [] : [html`<a class="button plain" rel="next" href="${next}">Next page</a>`]),
      ],
      " ",
    )}
  </nav>`;
}

/** A person's name of any length and script, which must neither break the page nor turn the text around it. */
export function name(text: string): Html {
  return html`<bdi class="name" title="${text}">${text}</bdi>`;
}
