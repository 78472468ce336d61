/** The frame of every page: where one is, how to get elsewhere, whose data it is. */
import { assetPath } from "./assets.ts";
import { actionForm, zoneName } from "./components.ts";
import { type Content, html, type Html, nothing } from "./html.ts";
import { liveProblemId } from "./live.ts";
import type { View } from "./view.ts";

export const places = [
  { href: "/", title: "Overview", key: "o" },
  { href: "/people", title: "People", key: "p" },
  { href: "/groups", title: "Groups", key: "r" },
  { href: "/failed", title: "Failed syncs", key: "f" },
  { href: "/activity", title: "Activity", key: "a" },
  { href: "/mapping", title: "Mapping", key: "m" },
  { href: "/connect", title: "Connect", key: "c" },
  { href: "/settings", title: "Settings", key: "s" },
] as const;
export type Place = (typeof places)[number]["href"];

export interface PageOptions {
  readonly title: string;
  /** Which entry of the navigation it belongs to; absent: none. */
  readonly place?: Place;
  readonly content: Content;
  /** Beside the title: buttons, chips. */
  readonly aside?: Content;
  /** The stream of its live parts (live.ts). */
  readonly liveFrom?: string;
}

export function page(view: View, { title, place, content, aside, liveFrom }: PageOptions): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${view.tenant} · Rollcall</title>
        <link rel="icon" href="${assetPath("favicon.svg")}" />
        <link rel="stylesheet" href="${assetPath("console.css")}" />
        <script type="module" src="${assetPath("console.js")}"></script>
      </head>
      <body ${liveFrom === undefined ? nothing : html`data-live="${liveFrom}"`}>
        <a class="skip" href="#content">Skip to the content</a>
        ${banner(view)} ${navigation(place)}
        <main id="content" tabindex="-1">
          <div class="title">
            <h1>${title}</h1>
            ${aside === undefined ? nothing : html`<div class="aside">${aside}</div>`}
          </div>
          <div id="${liveProblemId}" role="alert"></div>
          ${content}
        </main>
        ${footer(view)} ${keys()}
        <div class="unseen" role="status" aria-live="polite" id="said"></div>
      </body>
    </html>`;
}

function banner(view: View): Html {
  return html`<header class="banner">
    <a class="brand" href="/">Rollcall</a>
    <span
      class="tenant"
      title="${view.isDeployed ? "the deployed stack of this tenant" : "the embedded data of npm start"}"
      ><bdi>${view.tenant}</bdi> <span class="quiet">${view.isDeployed ? "deployed" : "local"}</span></span
    >
    <form class="search" role="search" action="/search" method="get">
      <label class="unseen" for="search">Search by userName, e-mail, externalId, group name or id</label>
      <input
        id="search"
        type="search"
        name="q"
        placeholder="userName, e-mail, externalId, group or id"
        autocomplete="off"
        spellcheck="false"
      />
      <button type="submit" class="button plain">Search</button>
    </form>
    ${actionForm(view, {
      action: "/values",
      button: view.showsValues ? "Mask values" : "Show values",
      hidden: { show: view.showsValues ? "no" : "yes", back: view.path },
    })}
  </header>`;
}

function navigation(here: Place | undefined): Html {
  return html`<nav class="places" aria-label="Pages of the console">
    <ul>
      ${places.map(
        ({ href, title }) =>
          html`<li><a href="${href}" ${href === here ? html`aria-current="page"` : nothing}>${title}</a></li>`,
      )}
    </ul>
  </nav>`;
}

function footer({ timeZone, now, version }: View): Html {
  const zone = zoneName(timeZone, now);
  return html`<footer class="foot">
    <span>Times are ${timeZone === zone ? zone : `${timeZone} (${zone})`}</span>
    <span>Rollcall ${version}</span>
    <button type="button" class="link needs-script" data-keys>Keyboard: ?</button>
  </footer>`;
}

function keys(): Html {
  const rows: readonly (readonly [string, string])[] = [
    ["/", "search"],
    ["j, k", "next and previous row"],
    ["Enter", "open the row"],
    ...places.map(({ key, title }) => [`g ${key}`, title] as const),
    ["?", "this list"],
    ["Esc", "close"],
  ];
  return html`<dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keyboard</h2>
    <dl class="keys">
      ${rows.map(
        ([key, what]) =>
          html`<div>
            <dt><kbd>${key}</kbd></dt>
            <dd>${what}</dd>
          </div>`,
      )}
    </dl>
    <p>
      <label
        ><input type="checkbox" data-keys-off /> Single keys do nothing in this browser (? still opens this list)</label
      >
    </p>
    <form method="dialog"><button class="button plain">Close</button></form>
  </dialog>`;
}
