/** Tokens, what is decided for the tenant, what runs. */
import { idpNames } from "../../ops/idp/idp.ts";
import { OperationError } from "../../ops/operations.ts";
import { createToken, revokeToken, type TokenInfo, tokens } from "../../ops/tokens.ts";
import { counted } from "../../ops/words.ts";
import { defined } from "../../provisioning/head.ts";
import { logged } from "../action-log.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { html } from "../html.ts";
import { page } from "../layout.ts";
import { freshTokens } from "../settings/fresh-tokens.ts";
import { limitsSection } from "../settings/limits-section.ts";
import { revokeContent } from "../settings/revoke-page.ts";
import { tenantFileSection } from "../settings/tenant-file.ts";
import { tokenContent } from "../settings/token-page.ts";
import { tokenPath } from "../settings/token-words.ts";
import { newTokenSection, tokensSection } from "../settings/tokens-section.ts";
import { actorSection, versionsSection } from "../settings/versions.ts";
import { viewOf } from "../view.ts";

const place = "/settings";

export function addSettingsPages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o, actions } = context;
  const fresh = freshTokens();

  app.get(place, async (c) => {
    const view = viewOf(c, context);
    const content = html`${tokensSection(view, o, await tokens(o))} ${newTokenSection(view, o)}
      ${tenantFileSection(view, context)} ${limitsSection()}
      <div class="pairs">${versionsSection(context)} ${actorSection(context)}</div>`;
    return c.html(page(view, { title: "Settings", place, content }));
  });

  app.post(`${place}/tokens`, async (c) => {
    const form = await c.req.parseBody();
    const make = async () => await createToken(o, askedFor(form));
    const { id, token } = await logged(actions, { action: "token.create" }, make, toldOf);
    fresh.keep(c.get("session"), { id, text: token });
    return c.redirect(tokenPath(id), 303);
  });

  app.get(`${place}/tokens/:id`, async (c) => {
    const view = viewOf(c, context);
    const { token } = await tokenIn(c.req.param("id"));
    if (token === undefined) return noToken(c);
    // A HEAD request must not use it up.
    const text = c.req.method === "GET" ? fresh.take(c.get("session"), token.id) : undefined;
    return c.html(page(view, { title: `Token ${token.id}`, place, content: tokenContent(view, context, token, text) }));
  });

  app.get(`${place}/tokens/:id/revoke`, async (c) => {
    const view = viewOf(c, context);
    const { token, others } = await tokenIn(c.req.param("id"));
    if (token === undefined) return noToken(c);
    if (token.revokedAt !== undefined) return c.redirect(tokenPath(token.id), 303);
    return c.html(page(view, { title: "Revoke a token", place, content: revokeContent(view, o, token, others) }));
  });

  app.post(`${place}/tokens/:id/revoke`, async (c) => {
    const revoke = async () => await revokeToken(o, c.req.param("id"));
    const id = await logged(actions, { action: "token.revoke" }, revoke, (revoked) => ({
      subject: `token ${revoked}`,
      outcome: "revoked",
    }));
    return c.redirect(tokenPath(id), 303);
  });

  const tokenIn = async (id: string): Promise<{ token?: TokenInfo; others: TokenInfo[] }> => {
    const all = await tokens(o);
    const others = all.filter((one) => one.id !== id && one.alive);
    return { ...defined({ token: all.find((one) => one.id === id) }), others };
  };

  const noToken = (c: ConsoleRequest) => {
    const content = html`<p>
      There is no token of this id. Those that ended are kept for 30 days: <a href="/settings#tokens">all tokens</a>.
    </p>`;
    return c.html(page(viewOf(c, context), { title: "No such token", place, content }), 404);
  };
}

const day = 86_400_000;
const daysMost = 3_650;

function toldOf({ id, idp = "another", expiresAt, createdAt }: Awaited<ReturnType<typeof createToken>>): {
  subject: string;
  outcome: string;
} {
  const end = expiresAt === undefined ? "without an end" : `for ${counted((expiresAt - createdAt) / day, "day")}`;
  return { subject: `token ${id}`, outcome: `made for ${idp}, ${end}` };
}

/** Errors: OperationError for what the form itself does not let through. */
function askedFor({ label, idp, days }: Record<string, unknown>): Parameters<typeof createToken>[1] {
  const expiresInDays = typeof days === "string" && days.trim() !== "" ? Number(days) : undefined;
  if (
    expiresInDays !== undefined &&
    !(Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= daysMost)
  )
    throw new OperationError(
      `A token ends after 1 to ${daysMost} whole days, or never: leave the days empty for that.`,
    );
  return {
    label: typeof label === "string" ? label : "",
    ...defined({ expiresInDays, idp: idpNames.find((one) => one === idp) }),
  };
}
