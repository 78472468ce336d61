/** /connect: the guided first hour with an identity provider: what to paste where, a token, then the firsts as they come. */
import { commandFor } from "../../ops/command.ts";
import { answersAt } from "../../ops/connect/answers.ts";
import { connectionPlan, type ConnectionPlan } from "../../ops/connect/plan.ts";
import { connectionState } from "../../ops/connect/state.ts";
import { idpNames, idpWords } from "../../ops/idp/idp.ts";
import { OperationError } from "../../ops/operations.ts";
import { createToken, tokens, type TokenInfo } from "../../ops/tokens.ts";
import { firsts } from "../../provisioning/contact.ts";
import { logged } from "../action-log.ts";
import { hrefOf } from "../addresses.ts";
import { actionForm, command, copyable, empty, linkButton, notice, section, table, time } from "../components.ts";
import { firstsPart } from "../connect/firsts-part.ts";
import { mapSection, pasteSection, switchSection } from "../connect/plan-part.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { freshTokens } from "../settings/fresh-tokens.ts";
import { page } from "../layout.ts";
import { live } from "../live.ts";
import { type View, viewOf } from "../view.ts";

const place = "/connect";
/** Whoever is none of them. */
const other = "other";
const lookEveryMs = 2_000;

export function addConnectPages(app: ConsoleApp, context: ConsoleContext): void {
  const fresh = freshTokens();
  app.get(place, async (c) => c.html(await choicePage(c, context)));
  app.get(`${place}/:idp`, async (c) => {
    const idp = idpCalled(c.req.param("idp"));
    const tokenId = c.req.query("token");
    // A HEAD request must not use it up.
    const isShown = tokenId !== undefined && c.req.method === "GET";
    const token = isShown ? fresh.take(c.get("session"), tokenId) : undefined;
    return c.html(await idpPage(c, context, { idp, tokenId, token }));
  });
  app.post(`${place}/:idp`, async (c) => {
    const idp = idpCalled(c.req.param("idp"));
    const { label } = await c.req.parseBody();
    const { id, token } = await makeToken(context, idp, typeof label === "string" ? label : "");
    fresh.keep(c.get("session"), { id, text: token });
    return c.redirect(connectionAddress(idp, id), 303);
  });
  app.get(`/live${place}/:idp`, (c) => {
    const idp = idpCalled(c.req.param("idp"));
    const tokenId = c.req.query("token") ?? "";
    return live(c, lookEveryMs, async () => {
      const state = await connectionState(context.operations, tokenId);
      const isLast = firsts.every((first) => state.firsts[first] !== undefined);
      return { parts: { firsts: firstsPart(viewOf(c, context), idp, state) }, isLast };
    });
  });
}

// ---------------------------------------------------------------- which identity provider

async function choicePage(c: ConsoleRequest, context: ConsoleContext): Promise<Html> {
  const view = viewOf(c, context);
  const { operations } = context;
  const alive = (await tokens(operations)).filter((token) => token.alive);
  const choices = [...idpNames.map((idp) => [idp, idpWords(idp).title] as const), [other, "Another one"] as const];
  const content = html`${section(
    "Which identity provider is to be connected?",
    html`<ul class="choices">
        ${choices.map(([idp, title]) => html`<li><a href="${place}/${idp}">${title}</a></li>`)}
      </ul>
      ${command(commandFor(operations, "connect entra"))}`,
  )}
  ${section("Connections that were begun", begunPart(view, alive))}`;
  return page(view, { title: "Connect an identity provider", place, content });
}

function begunPart(view: View, alive: readonly TokenInfo[]): Html {
  if (alive.length === 0)
    return empty("There is no token yet", html`<p>Choose an identity provider above; its page makes one.</p>`);
  return table(
    "Connections that were begun",
    [{ title: "Token" }, { title: "Identity provider" }, { title: "Made" }, { title: "Last used" }],
    alive.map(({ id, label, idp, createdAt, lastUsedAt }) => {
      const href = connectionAddress(idp !== undefined && idpNames.includes(idp) ? idp : other, id);
      return {
        href,
        cells: [
          html`<a href="${href}">${label}</a>`,
          idp === undefined ? html`<span class="quiet">not known</span>` : idpWords(idp).title,
          time(view, createdAt),
          time(view, lastUsedAt),
        ],
      };
    }),
    { stacks: true },
  );
}

function connectionAddress(idp: string, tokenId: string): string {
  return hrefOf(`${place}/${idp}`, { token: tokenId });
}

// ---------------------------------------------------------------- one identity provider

interface Asked {
  readonly idp: string;
  /** Whose firsts are watched. */
  readonly tokenId: string | undefined;
  /** The text of it, where it was just made: this once. */
  readonly token: string | undefined;
}

async function idpPage(c: ConsoleRequest, context: ConsoleContext, { idp, tokenId, token }: Asked): Promise<Html> {
  const view = viewOf(c, context);
  const { operations, baseUrl } = context;
  const plan = connectionPlan(operations.tenant, idp, baseUrl ?? "the base URL that npm start printed");
  const content = html`${token === undefined ? nothing : freshNotice()} ${await silenceNotice(context)}
  ${tokenId === undefined ? nothing : await firstsSection(view, context, idp, tokenId)}
  ${pasteSection(plan, tokenField(view, plan, { idp, tokenId, token }), operations)} ${mapSection(plan)}
  ${switchSection(plan)} ${command(commandFor(operations, `connect ${idp}`))}`;
  return page(view, {
    title: `Connect ${plan.title}`,
    place,
    content,
    aside: linkButton(place, "Another identity provider"),
    ...(tokenId === undefined ? {} : { liveFrom: hrefOf(`/live${place}/${idp}`, { token: tokenId }) }),
  });
}

function freshNotice(): Html {
  return notice(
    "warn",
    "Paste the token below now: it is shown this once, and stored only as a hash. Loading the page again shows it no more.",
  );
}

function tokenField(view: View, { title }: ConnectionPlan, { idp, tokenId, token }: Asked): Html {
  if (token !== undefined)
    return html`<span class="secret">${copyable(token, "the token")}</span>
      <p class="quiet">Without the word Bearer, unless the field asks for it.</p>`;
  if (tokenId !== undefined)
    return html`The text of token <code>${tokenId}</code>, which was shown when it was made.
      <a href="${place}/${idp}">Make another</a> if it is lost.`;
  const label = idp === other ? "identity provider" : title;
  return actionForm(view, {
    action: `${place}/${idp}`,
    button: "Make the token",
    tone: "primary",
    fields: html`<label>Label <input name="label" value="${label}" required maxlength="100" /></label>`,
  });
}

async function firstsSection(view: View, context: ConsoleContext, idp: string, tokenId: string): Promise<Html> {
  const state = await connectionState(context.operations, tokenId);
  const words = `connect ${idp} --token-id ${tokenId}`;
  return section(
    "What is seen of it",
    html`<div id="firsts" class="parts">${firstsPart(view, idp, state)}</div>
      ${command(commandFor(context.operations, words))}`,
    { aside: html`<span class="quiet">${state.token.label}, made ${time(view, state.token.createdAt)}</span>` },
  );
}

/** Embedded data alone answer no request: nothing would be seen, for ever. */
async function silenceNotice({ operations, baseUrl }: ConsoleContext): Promise<Html> {
  if (operations.deployment !== undefined || baseUrl === undefined || (await answersAt(baseUrl))) return nothing;
  const text = `Nothing answers at ${baseUrl}, so nothing will be seen: start Rollcall in another terminal with npm start.`;
  return notice("warn", text);
}

// ---------------------------------------------------------------- actions

async function makeToken({ operations, actions }: ConsoleContext, idp: string, label: string) {
  const make = async () => await createToken(operations, { label, ...(idp === other ? {} : { idp }) });
  return await logged(actions, { action: "token.create" }, make, ({ id }) => ({
    subject: `token ${id}`,
    outcome: `made for ${idp}, without an end`,
  }));
}

/** Errors: OperationError, which names those there are. */
function idpCalled(named: string): string {
  if (named === other || idpNames.includes(named)) return named;
  throw new OperationError(
    `There are no words for such an identity provider; there are ${idpNames.join(", ")}, ${other}.`,
  );
}
