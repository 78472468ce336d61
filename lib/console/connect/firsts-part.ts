/** What the new connection has done for the first time, ticked off, and what went wrong meanwhile. */
import type { ConnectionState, TurnedAway } from "../../ops/connect/state.ts";
import { turnedAwayText, whatIsSeen } from "../../ops/connect/words.ts";
import { idpWords } from "../../ops/idp/idp.ts";
import { upperFirst } from "../../ops/words.ts";
import { firsts } from "../../provisioning/contact.ts";
import type { Refusal } from "../../provisioning/sighting.ts";
import { chip, idCode, name, notice, time, withCode } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";

export function firstsPart(view: View, idp: string, state: ConnectionState): Html {
  const isComplete = firsts.every((first) => state.firsts[first] !== undefined);
  return html`<ol class="firsts">
      ${firsts.map((first) => {
        const at = state.firsts[first];
        return html`<li>
          ${at === undefined ? chip("quiet", "waiting") : chip("good", "✓ seen")}
          <span>${upperFirst(whatIsSeen[first])}</span>
          ${at === undefined ? nothing : html`<span class="quiet">${time(view, at)}</span>`}
        </li>`;
      })}
    </ol>
    ${isComplete ? notice("good", "All of it has been seen: the connection works.") : nothing}
    ${problems(view, idp, state)}`;
}

/** Newest first. */
function problems(view: View, idp: string, { refusals, turnedAway }: ConnectionState): Html {
  const all = [
    ...refusals.map((one) => ({ at: one.at, part: refusalPart(view, idp, one) })),
    ...turnedAway.map((one) => ({ at: one.at, part: awayPart(view, one) })),
  ].toSorted((a, b) => b.at - a.at);
  return html`${all.map(({ part }) => part)}`;
}

function awayPart(view: View, away: TurnedAway): Html {
  return notice("warn", html`${time(view, away.at)}: ${turnedAwayText(away)}.`);
}

function refusalPart(view: View, idp: string, refusal: Refusal): Html {
  const { kind, at, status = 0, operation = "", name: who, detail = "", requestId } = refusal;
  const cure =
    kind === "fault"
      ? html`The log of the api function has the stack under request ${idCode(requestId, "the request id")}.`
      : html`When that is mended: ${withCode(idpWords(idp).forceOneUser)}.`;
  return notice(
    "bad",
    html`${time(view, at)}: <b>${status}</b> ${operation}${who === undefined ? nothing : html` for ${name(who)}`}:
      <span dir="auto">${detail}</span><br />${cure}`,
  );
}
