/** The page of a group: why it is as it is, where it stands, and who is in it. */
import { commandFor } from "../../ops/command.ts";
import { type Facts, readFacts } from "../../ops/explain/facts.ts";
import { findResources, nameOf } from "../../ops/find-resource.ts";
import { readGroup } from "../../ops/group/group.ts";
import { readMembersPage } from "../../ops/group/members-page.ts";
import { countMembers } from "../../ops/group/size.ts";
import type { CountedUpTo } from "../../ops/listed/waiting-counts.ts";
import { type Head, readHead } from "../../provisioning/head.ts";
import { isPossibleId } from "../../provisioning/keys.ts";
import { groupType } from "../../scim/resource-type.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import { command, empty, linkButton, section } from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { actionsPart } from "../explained/actions.ts";
import { evidencePart } from "../explained/evidence.ts";
import { shownExplanation } from "../explained/shown.ts";
import { stepsPart } from "../explained/steps.ts";
import { verdictPart } from "../explained/verdict.ts";
import { membersPart } from "../group/members-part.ts";
import { standingPart } from "../group/standing-part.ts";
import { html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { live, type LiveParts } from "../live.ts";
import { viewOf } from "../view.ts";

const place = "/groups";
const membersMost = 50;
const lookEveryMs = 2_000;
const standingId = "group-standing";

export function addGroupPages(app: ConsoleApp, context: ConsoleContext): void {
  app.get("/groups/:id", async (c) => {
    const head = await readGroupHead(context, c.req.param("id"));
    return head === undefined ? await notThere(c, context) : c.html(await groupPage(c, context, head));
  });
  app.get("/live/groups/:id", (c) => liveStanding(c, context, c.req.param("id")));
}

async function groupPage(c: ConsoleRequest, context: ConsoleContext, head: Head): Promise<Html> {
  const { operations: o } = context;
  const view = viewOf(c, context);
  const { id } = head;
  const after = c.req.query("after");
  const { pending, standing } = await readGroup(o, head);
  const [facts, members] = await Promise.all([
    readFacts(o, id, { id }, groupType.id),
    readMembersPage(o, head, pending.net, { most: membersMost, ...(isPlace(after) && { after }) }),
  ]);
  const explained = shownExplanation(view, facts);
  const size = await sizeOf(context, facts, id);
  const isDeleted = head.state === "deleted";
  const content = html`${section(
    "Why it is so",
    html`${verdictPart(view, explained)} ${command(commandFor(o, `explain group ${id}`))}`,
    { id: "verdict" },
  )}
  ${section("What to do", actionsPart(view, explained), { id: "advice" })}
  ${section("Where it stands", html`<div id="${standingId}">${standingPart(view, standing, size)}</div>`, { id: "standing" })}
  ${isDeleted && members.members.length === 0 ? nothing : membersPart(o, id, members, isPlace(after) ? after : undefined)}
  ${section("The way from the identity provider to the application", stepsPart(view, explained), { id: "steps" })}
  ${section("What was seen", evidencePart(view, explained), { id: "evidence" })}`;
  return page(view, {
    title: nameOf(head) ?? `Deleted group ${id}`,
    place,
    content,
    liveFrom: `/live${addressOf(head)}`,
  });
}

/** Undefined for an id that never was; of a deleted group there is a head for 30 days. */
async function readGroupHead({ operations: { table } }: ConsoleContext, id: string): Promise<Head | undefined> {
  return await readHead(table, groupType.id, id.toLowerCase());
}

/** An explanation has read them; it reads none of a deleted group. */
async function sizeOf({ operations }: ConsoleContext, { stored }: Facts, id: string): Promise<CountedUpTo> {
  if (stored?.members === undefined) return await countMembers(operations, id);
  const { applied: count, isMore } = stored.members;
  return { count, isMore };
}

function isPlace(after: string | undefined): after is string {
  return after !== undefined && isPossibleId(after);
}

/** What is the same is not read again: a look at a group that rests is one read. */
function liveStanding(c: ConsoleRequest, context: ConsoleContext, id: string): Response {
  const { operations: o } = context;
  const seen: { head?: Head; size?: CountedUpTo; parts: LiveParts["parts"] } = { parts: {} };
  return live(c, lookEveryMs, async () => {
    const head = await readGroupHead(context, id);
    if (head === undefined) return { parts: {}, isLast: true };
    if (seen.head !== undefined && isSame(seen.head, head)) return { parts: seen.parts };
    if (seen.size === undefined || seen.head?.applied !== head.applied) seen.size = await countMembers(o, id);
    seen.head = head;
    const { standing } = await readGroup(o, head);
    const view = { ...viewOf(c, context), now: o.clock.now() };
    seen.parts = { [standingId]: standingPart(view, standing, seen.size) };
    return { parts: seen.parts };
  });
}

function isSame(a: Head, b: Head): boolean {
  return (["version", "applied", "stepAt", "cursor", "nameCursor", "waitKey", "reapply", "state"] as const).every(
    (name) => a[name] === b[name],
  );
}

async function notThere(c: ConsoleRequest, context: ConsoleContext): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const others = isPossibleId(id) ? await findResources(context.operations, id) : [];
  const [other] = others.filter(({ head }) => head.id === id.toLowerCase());
  if (other !== undefined && other.head.type !== groupType.id) return c.redirect(addressOf(other.head), 303);
  const content = html`${empty(
    `No group has the id "${id}"`,
    html`<p>None was ever sent under it, or it was deleted more than 30 days ago.</p>
      <p>${linkButton("/groups", "All groups")} ${linkButton(hrefOf("/why", { who: id }), "What is known of it")}</p>`,
  )}`;
  return c.html(page(viewOf(c, context), { title: "No such group", place, content }), 404);
}
