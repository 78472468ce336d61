/** What a list says when nobody is in it, and what to do then. */
import type { ListedState } from "../../ops/listed/list-resources.ts";
import { counted } from "../../ops/words.ts";
import { empty } from "../components.ts";
import { html, type Html } from "../html.ts";

export interface Emptiness {
  readonly state: ListedState;
  /** `users` */
  readonly things: string;
  /** A page behind the first. */
  readonly isBehind: boolean;
  /** The list goes on all the same. */
  readonly goesOn: boolean;
  /** How long those who left are kept. */
  readonly evidenceDays: number;
}

export function nobody({ state, things, isBehind, goesOn, evidenceDays }: Emptiness): Html {
  if (goesOn) {
    return empty("None on this page", html`<p>Whoever stood here is deleted or of another type: the list goes on.</p>`);
  }
  if (isBehind) return empty("That was all", html`<p>Nobody comes after the page before this one.</p>`);
  switch (state) {
    case "all":
      return empty(
        `No ${things} yet`,
        html`<p>
          They come with the first cycle of the identity provider: <a href="/connect">Connect</a> goes through it.
        </p>`,
      );
    case "waiting":
      return empty(`No ${things} wait`, html`<p>The worker has come to everything that was accepted.</p>`);
    case "parked":
      return empty(
        `No ${things} are parked`,
        html`<p>
          What cannot be applied is put here with its cause, and waits for you under <a href="/failed">Failed syncs</a>.
        </p>`,
      );
    case "given-up":
      return empty(
        `No ${things} were given up`,
        html`<p>
          A parked change that you drop under <a href="/failed">Failed syncs</a> is listed here until something new is
          said.
        </p>`,
      );
    case "left":
      return empty(
        `No ${things} have left`,
        html`<p>
          Whoever was active in the directory and is deactivated or deleted is listed here for
          ${counted(evidenceDays, "day")}.
        </p>`,
      );
  }
}
