/** The page of a group: why it is as it is, where it stands, who is in it, and its buttons. */
import { findResources, nameOf } from "../../ops/find-resource.ts";
import { readMembersPage } from "../../ops/group/members-page.ts";
import { type Head, readHead } from "../../provisioning/head.ts";
import { isPossibleId } from "../../provisioning/keys.ts";
import { groupType } from "../../scim/resource-type.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import { empty, linkButton } from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { seenKey, liveGroup } from "../group/live.ts";
import { membersPart } from "../group/members-part.ts";
import { groupParts, lastBeforeMembers, stateId } from "../group/parts.ts";
import { html, type Html } from "../html.ts";
import { page } from "../layout.ts";
import { addActPages, jobOf } from "../person/act-pages.ts";
import { viewOf } from "../view.ts";

const place = "/groups";
const membersMost = 50;

export function addGroupPages(app: ConsoleApp, context: ConsoleContext): void {
  app.get("/groups/:id", async (c) => {
    // Of a deleted group there is a head for 30 days.
    const head = await readHead(context.operations.table, groupType.id, c.req.param("id").toLowerCase());
    return head === undefined ? await notThere(c, context) : c.html(await groupPage(c, context, head));
  });
  app.get("/live/groups/:id", (c) => liveGroup(c, context, c.req.param("id")));
  addActPages(app, context, place);
}

async function groupPage(c: ConsoleRequest, context: ConsoleContext, head: Head): Promise<Html> {
  const { operations: o } = context;
  const view = viewOf(c, context);
  const { id } = head;
  const job = jobOf(c, context);
  const after = placeOf(c.req.query("after"));
  const { content, state, group } = await groupParts(view, o, head, job);
  const asked = { most: membersMost, ...(after !== undefined && { after }) };
  const members = await readMembersPage(o, head, group.pending.net, asked);
  const isLeft = head.state === "deleted" && members.members.length === 0;
  const parts = Object.entries(content).map(([partId, part]) => {
    const live = html`<div class="part" id="${partId}">${part}</div>`;
    return partId === lastBeforeMembers && !isLeft ? html`${live} ${membersPart(view, o, id, members, after)}` : live;
  });
  return page(view, {
    title: nameOf(head) ?? `Deleted group ${id}`,
    place,
    aside: html`<span id="${stateId}">${state}</span>`,
    content: html`${parts}`,
    liveFrom: hrefOf(`/live${addressOf(head)}`, { job: job?.id, seen: seenKey(view, head, job) }),
  });
}

function placeOf(after: string | undefined): string | undefined {
  return after !== undefined && isPossibleId(after) ? after : undefined;
}

async function notThere(c: ConsoleRequest, context: ConsoleContext): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const others = isPossibleId(id) ? await findResources(context.operations, id) : [];
  const other = others.find(({ head }) => head.id === id.toLowerCase());
  if (other !== undefined) return c.redirect(addressOf(other.head), 303);
  const content = empty(
    `No group has the id "${id}"`,
    html`<p>None was ever sent under it, or it was deleted more than 30 days ago.</p>
      <p>${linkButton(place, "All groups")} ${linkButton(hrefOf("/why", { who: id }), "What is known of it")}</p>`,
  );
  return c.html(page(viewOf(c, context), { title: "No such group", place, content }), 404);
}
