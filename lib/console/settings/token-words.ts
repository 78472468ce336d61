/** A token in words: what it is called, whose it is, whether it may be used. */
import { idpNames, idpWords } from "../../ops/idp/idp.ts";
import type { TokenInfo } from "../../ops/tokens.ts";
import { chip, time } from "../components.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";

export function tokenPath(id: string): string {
  return `/settings/tokens/${encodeURIComponent(id)}`;
}

/** Who uses it: `Entra`, or whoever reads the feed. */
export function userTitle({ idp, use, isClient }: Pick<TokenInfo, "idp" | "use" | "isClient">): string {
  if (use === "events") return "an application, for events";
  const title = idp === undefined ? "not known" : idpNames.includes(idp) ? idpWords(idp).title : idp;
  return isClient === true ? `${title}, as an OAuth client` : title;
}

/** The feed's function writes nothing, so nobody knows when its tokens were used. */
export function lastUseOf(view: View, { lastUsedAt, use }: TokenInfo): Html {
  return use === "events" ? html`<span class="quiet">not noted</span>` : html`${time(view, lastUsedAt)}`;
}

export function stateOf({ alive, revokedAt }: TokenInfo): Html {
  if (alive) return chip("good", "Valid");
  return revokedAt === undefined ? chip("warn", "Expired") : chip("quiet", "Revoked");
}

/** `revoked 3 min ago`, `in 87 days`, `does not end` */
export function endOf(view: View, { expiresAt, revokedAt }: TokenInfo): Html {
  if (revokedAt !== undefined) return html`revoked ${time(view, revokedAt)}`;
  return expiresAt === undefined ? html`<span class="quiet">does not end</span>` : time(view, expiresAt);
}
