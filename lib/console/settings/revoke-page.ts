/** Before a token is revoked: what that ends, and for whom. */
import { commandFor } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import type { TokenInfo } from "../../ops/tokens.ts";
import { age } from "../../ops/words.ts";
import { actionForm, command, copyable, facts, linkButton, name, notice, section } from "../components.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";
import { lastUseOf, tokenPath, userTitle } from "./token-words.ts";

/** `others`: all other tokens that may be used. */
export function revokeContent(view: View, o: Operations, token: TokenInfo, others: readonly TokenInfo[]): Html {
  const { id, label } = token;
  return section(
    "What will happen",
    html`<p>From the next request on, whoever shows this token gets a 401. It cannot be made valid again.</p>
      ${facts([
        ["Label", name(label)],
        ["Used by", userTitle(token)],
        ["Id", copyable(id, "the id of the token")],
        ["Last used", lastUseOf(view, token)],
      ])}
      ${warningOf(token, others, view.now)}
      <div class="line">
        ${actionForm(view, { action: `${tokenPath(id)}/revoke`, button: "Revoke the token", tone: "danger" })}
        ${linkButton(tokenPath(id), "Keep it")}
      </div>
      ${command(commandFor(o, `token revoke ${id}`))}`,
  );
}

const recentMs = 86_400_000;

function warningOf({ idp, lastUsedAt, use }: TokenInfo, others: readonly TokenInfo[], now: number): Html {
  if (use === "events")
    return notice("warn", "Nobody notes when the feed of events is read: an application may be reading with it now.");
  if (lastUsedAt === undefined) return notice("good", "It was never used: nobody will miss it.");
  const successor = others.find((one) => one.idp === idp && (one.lastUsedAt ?? 0) > lastUsedAt);
  if (successor !== undefined)
    return notice(
      "good",
      html`Another token of the same identity provider was used after it: ${name(successor.label)},
      ${age(now - (successor.lastUsedAt ?? now))} ago.`,
    );
  const used = `It was used ${age(now - lastUsedAt)} ago`;
  const none = others.every((one) => one.lastUsedAt === undefined || one.lastUsedAt <= lastUsedAt);
  if (now - lastUsedAt > recentMs && !none) return notice("info", `${used}; others were used since.`);
  return notice(
    "bad",
    `${used}, and no other token of that identity provider was used since: provisioning stops until another one is pasted there.`,
  );
}
