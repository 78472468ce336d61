/** A page for whoever is not in, or for when something went wrong: no navigation, nothing of the tenant. */
import { assetPath } from "./assets.ts";
import { type Content, html, type Html } from "./html.ts";

/** `goesTo`: the browser goes on there by itself. */
export function barePage(title: string, content: Content, goesTo?: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${goesTo === undefined ? "" : html`<meta http-equiv="refresh" content="0;url=${goesTo}" />`}
        <title>${title}</title>
        <link rel="icon" href="${assetPath("favicon.svg")}" />
        <link rel="stylesheet" href="${assetPath("console.css")}" />
      </head>
      <body class="bare">
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}
