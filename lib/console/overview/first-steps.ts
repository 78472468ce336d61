/** A fresh tenant: what to do first, in place of empty pictures. */
import { commandFor } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import { command, linkButton, section } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";

/** `wasTurnedAway`: somebody calls, and shows no token that is valid. */
export function firstSteps(o: Operations, { wasTurnedAway }: { wasTurnedAway: boolean }): Html {
  return section(
    wasTurnedAway ? "Nobody was let in yet" : "Nobody has called yet",
    html`<p>
        Rollcall takes what an identity provider sends, and tells here what came of it. There are no users, no groups,
        and no request was ever let in.
      </p>
      <ol class="first-steps">
        <li class="stack">
          <h3>Connect your identity provider</h3>
          <p>
            It takes a base URL and a token. The page says where each is pasted, and shows the first requests come in.
          </p>
          <p>${linkButton("/connect", "Connect", "primary")}</p>
          ${command(commandFor(o, "connect entra"))}
        </li>
        ${
          o.deployment === undefined
            ? html`<li class="stack">
                <h3>Or let one be played, to see it work</h3>
                <p>
                  Entra provisions a small company. The token is the one that <code>npm start</code> printed, or a
                  <a href="/settings#new-token">new one</a>. A company in which seven things are wrong, to be found, is
                  played by <code>npm run demo</code>.
                </p>
                ${command(
                  `${commandFor(o, "simulate entra --users 60 --groups 6")} --token <the token>`,
                  "On the command line",
                )}
              </li>`
            : nothing
        }
      </ol>`,
  );
}

/** For the page that was loaded before: it is told, and not turned into another under the eyes of whoever reads. */
export function hasBegun(): Html {
  return html`<div class="notice good">The first requests have come in: <a href="/">show the overview</a>.</div>`;
}
