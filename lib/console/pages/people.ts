/** People and Groups: lists by state, page by page, and a search by any identifier. Types of the tenant's own are people's neighbours. */
import { commandFor } from "../../ops/command.ts";
import { findResources } from "../../ops/find-resource.ts";
import { countListed, type ListedState, listedStates, listResources } from "../../ops/listed/list-resources.ts";
import { listedOf } from "../../ops/listed/listed.ts";
import { listNameOf, typeCalled } from "../../ops/listed/type-called.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { hrefOf } from "../addresses.ts";
import { command, empty, pager, section } from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { nobody } from "../listed/nobody.ts";
import { type ListedTable, listedTable } from "../listed/rows.ts";
import { stateTabs, tabs } from "../listed/tabs.ts";
import { type View, viewOf } from "../view.ts";

const rowsMost = 50;

export function addPeoplePages(app: ConsoleApp, context: ConsoleContext): void {
  app.get("/people", async (c) => {
    const type = typeCalled(context.operations.tenant, c.req.query("type") ?? userType.id);
    if (type.id === groupType.id) return c.redirect("/groups", 303);
    return c.html(await listPage(c, context, type));
  });
  app.get("/groups", async (c) => c.html(await listPage(c, context, typeCalled(context.operations.tenant, "groups"))));
}

/** What is asked for, which stands in the address. */
interface Asked {
  readonly path: "/people" | "/groups";
  readonly type: ResourceType;
  readonly state: ListedState;
  readonly after?: string;
  readonly word: string;
}

async function listPage(c: ConsoleRequest, context: ConsoleContext, type: ResourceType): Promise<Html> {
  const view = viewOf(c, context);
  const after = c.req.query("after");
  const state = listedStates.find((one) => one === c.req.query("state")) ?? "all";
  const path = type.id === groupType.id ? "/groups" : "/people";
  const word = (c.req.query("q") ?? "").trim();
  const asked: Asked = { path, type, state, word, ...(after !== undefined && { after }) };
  const counts = await countListed(context.operations, type);
  const found = word === "" ? await listPart(view, context, asked) : await foundPart(view, context, word);
  const title = path === "/groups" ? "Groups" : "People";
  const content = html`${typeTabs(context, asked)}
    <div class="list-head">
      ${stateTabs(counts, {
        ...(word === "" && { here: state }),
        isGroups: path === "/groups",
        hrefTo: (to) => hrefTo(asked, { state: to }),
      })}
      ${searchForm(asked)}
    </div>
    ${found}`;
  return page(view, { title, place: path, content });
}

function hrefTo({ path, type }: Asked, { state, after }: { state: ListedState; after?: string }): string {
  const own = path === "/groups" || type.id === userType.id ? undefined : listNameOf(type);
  return hrefOf(path, { type: own, state: state === "all" ? undefined : state, after });
}

/** Where the tenant file has types of its own. */
function typeTabs({ operations }: ConsoleContext, { path, type }: Asked): Html {
  const types = operations.tenant.types.filter(({ id }) => id !== groupType.id);
  if (path === "/groups" || types.length < 2) return nothing;
  return tabs(
    "By type",
    types.map((one) => ({
      title: one.endpoint.slice(1),
      href: hrefOf("/people", { type: one.id === userType.id ? undefined : listNameOf(one) }),
      isHere: one.id === type.id,
    })),
  );
}

function searchForm({ path, type, word }: Asked): Html {
  const names = path === "/groups" ? "Name, externalId or id" : "userName, e-mail, externalId or id";
  return html`<form class="list-search" role="search" action="${path}" method="get" aria-label="Search the list">
    ${path === "/people" && type.id !== userType.id ? html`<input type="hidden" name="type" value="${listNameOf(type)}" />` : nothing}
    <label class="unseen" for="find">${names}</label>
    <input
      id="find"
      type="search"
      name="q"
      value="${word}"
      placeholder="${names}"
      autocomplete="off"
      spellcheck="false"
    />
    <button type="submit" class="button plain">Find</button>
  </form>`;
}

async function listPart(view: View, { operations }: ConsoleContext, asked: Asked): Promise<Html> {
  const { type, state, after } = asked;
  const options = { state, most: rowsMost, ...(after !== undefined && { after }) };
  const { rows, next } = await listResources(operations, type, options);
  const things = listNameOf(type);
  const { evidenceDays } = operations.tenant;
  const shown =
    rows.length === 0
      ? nobody({ state, things, isBehind: after !== undefined, goesOn: next !== undefined, evidenceDays })
      : listedTable(view, { caption: things, rows, time: timeOf(state) });
  const words = `ls ${things}${state === "all" ? "" : ` --state ${state}`}${after === undefined ? "" : ` --after ${after}`}`;
  return html`<section class="card">
    <h2 class="unseen">${state === "all" ? "All" : state} ${things}</h2>
    ${shown}
    ${pager({
      ...(after !== undefined && { first: hrefTo(asked, { state }) }),
      ...(next !== undefined && { next: hrefTo(asked, { state, after: next }) }),
    })}
    ${command(commandFor(operations, words))}
  </section>`;
}

function timeOf(state: ListedState): ListedTable["time"] {
  if (state === "all") return "changed";
  return state === "left" ? "left" : "since";
}

/** Whoever has the identifier, of whatever type. */
async function foundPart(view: View, { operations }: ConsoleContext, word: string): Promise<Html> {
  const rows = (await findResources(operations, word)).map(({ head }) => listedOf(head));
  const why = hrefOf("/why", { who: word });
  if (rows.length === 0) {
    return empty(
      `Nobody is called "${word}"`,
      html`<p>No userName, e-mail, externalId, group name or id is exactly that.</p>
        <p><a class="button plain" href="${why}">Why is nobody called that?</a></p>`,
    );
  }
  const [only] = rows.length === 1 ? rows : [];
  const showsType = new Set(rows.map(({ type }) => type)).size > 1;
  return section(
    `Called "${word}"`,
    html`${listedTable(view, { caption: `Called ${word}`, rows, time: "changed", showsType })}
    ${only === undefined ? nothing : command(commandFor(operations, `show ${only.id}`))}`,
  );
}
