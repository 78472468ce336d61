/** What of a group's page goes on while somebody looks: all when something new is known, and how far the worker is at each look. */
import { readGroup } from "../../ops/group/group.ts";
import { countMembers } from "../../ops/group/size.ts";
import type { CountedUpTo } from "../../ops/listed/waiting-counts.ts";
import { type Head, readHead } from "../../provisioning/head.ts";
import { groupType } from "../../scim/resource-type.ts";
import type { ConsoleContext, ConsoleRequest } from "../context.ts";
import type { Html } from "../html.ts";
import type { Job } from "../jobs.ts";
import { live } from "../live.ts";
import { jobOf } from "../person/act-pages.ts";
import { type View, viewOf } from "../view.ts";
import { groupParts, standingId, stateId } from "./parts.ts";
import { standingPart } from "./standing-part.ts";

const lookEveryMs = 1_500;

/** A look at a group about which nothing is new is one read. */
export function liveGroup(c: ConsoleRequest, context: ConsoleContext, id: string): Response {
  const { operations: o } = context;
  const [known = "", step = ""] = (c.req.query("seen") ?? "").split("~");
  const seen: Seen = { known, step, parts: {} };
  return live(c, lookEveryMs, async () => {
    const head = await readHead(o.table, groupType.id, id.toLowerCase());
    if (head === undefined) return { parts: {}, isLast: true };
    const job = jobOf(c, context);
    const view = viewOf(c, context);
    const [known, step] = [knownKey(view, head, job), stepKey(head)];
    if (known !== seen.known) {
      const { content, state, size } = await groupParts(view, o, head, job);
      [seen.parts, seen.size] = [{ ...content, [stateId]: state }, size];
    } else if (step !== seen.step) {
      seen.size ??= await countMembers(o, head.id);
      const { standing } = await readGroup(o, head);
      seen.parts = { ...seen.parts, [standingId]: standingPart(view, standing, seen.size) };
    }
    [seen.known, seen.step] = [known, step];
    return { parts: seen.parts };
  });
}

interface Seen {
  known: string;
  step: string;
  size?: CountedUpTo;
  parts: Readonly<Record<string, Html>>;
}

/** What a page has shown, for the stream that goes on with it. */
export function seenKey(view: View, head: Head, job: Job | undefined): string {
  return [knownKey(view, head, job), stepKey(head)].join("~");
}

/** All that decides what is said of it, but for how far a walk is. */
function knownKey({ showsValues }: View, head: Head, job: Job | undefined): string {
  const { version, applied, waitKey, failure, reapply, to } = head;
  return [version, applied, waitKey, failure?.at, reapply, to, job?.state, showsValues].join(".");
}

function stepKey({ stepAt, cursor, nameCursor }: Head): string {
  return [stepAt, cursor, nameCursor].join(".");
}
