/** The page of a person, or of a thing of the tenant's own types, and its buttons. */
import { nameOf } from "../../ops/find-resource.ts";
import type { Head } from "../../provisioning/head.ts";
import { groupType } from "../../scim/resource-type.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { html } from "../html.ts";
import type { Job } from "../jobs.ts";
import { page } from "../layout.ts";
import { live } from "../live.ts";
import { addActPages, jobOf } from "../person/act-pages.ts";
import { askedOf } from "../person/asked.ts";
import { partsOf } from "../person/parts.ts";
import { headWithId } from "../person/read-person.ts";
import { type View, viewOf } from "../view.ts";
import { notStored } from "./why.ts";

const lookEveryMs = 1_500;
const place = "/people";

export function addPersonPages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;

  app.get("/people/:id", async (c) => {
    const head = await headWithId(o, c.req.param("id"));
    if (head === undefined) return await notStored(c, context);
    if (head.type === groupType.id) return c.redirect(addressOf(head), 303);
    const view = viewOf(c, context);
    const job = jobOf(c, context);
    const parts = await partsOf(view, context, head, {
      asked: askedOf(c),
      job,
      before: versionOf(c.req.query("before")),
    });
    const { attribute, expect } = askedOf(c);
    const seen = keyOf(view, head, job);
    const liveFrom = hrefOf(`/live${addressOf(head)}`, {
      attribute,
      expect,
      job: job?.id,
      before: c.req.query("before"),
      seen,
    });
    const content = html`${Object.entries(parts.content).map(([id, part]) => html`<div class="part" id="${id}">${part}</div>`)}`;
    return c.html(
      page(view, {
        title: nameOf(head) ?? head.id,
        place,
        content,
        liveFrom,
        aside: html`<span id="person-state">${parts.state}</span>`,
      }),
    );
  });

  app.get("/live/people/:id", (c) => {
    const last = { key: c.req.query("seen") ?? "", parts: {} };
    return live(c, lookEveryMs, async () => {
      const head = await headWithId(o, c.req.param("id"));
      if (head === undefined) return { parts: {}, isLast: true };
      const job = jobOf(c, context);
      const view = viewOf(c, context);
      const key = keyOf(view, head, job);
      // What is the same is not read: sentences with times in them would be others every second.
      if (key === last.key) return { parts: last.parts };
      const { content, state } = await partsOf(view, context, head, {
        asked: askedOf(c),
        job,
        before: versionOf(c.req.query("before")),
      });
      last.parts = { ...content, "person-state": state };
      last.key = key;
      return { parts: last.parts };
    });
  });

  addActPages(app, context, place);
}

/** All that decides how the page looks, but for the time that has passed. */
function keyOf({ showsValues }: View, head: Head, job: Job | undefined): string {
  const { version, applied, waitKey, failure, reapply, rolesAsked, rolesMade, letGo } = head;
  return [version, applied, waitKey, failure?.at, reapply, rolesAsked, rolesMade, letGo, job?.state, showsValues].join(
    ".",
  );
}

function versionOf(text: string | undefined): number | undefined {
  const version = Number(text);
  return text !== undefined && Number.isSafeInteger(version) && version > 0 ? version : undefined;
}
