/** The brake: whom it holds, since when, and the two decisions, each with a page that asks first. */
import { allow, allowSome, reject, type Watched } from "../../ops/brake/decide.ts";
import { brakeHeld, brakeRejected } from "../../ops/brake/held.ts";
import { type BrakeStatus, brakeStatusOf } from "../../ops/brake/status.ts";
import {
  allowedText,
  decisionText,
  type DecisionPlan,
  mayLeaveText,
  planAllow,
  planReject,
  rejectedText,
  stateText,
} from "../../ops/brake/words.ts";
import { commandFor } from "../../ops/command.ts";
import { changesOf, type FailedChange } from "../../ops/dlq/failed-changes.ts";
import { pageOfRows, type ParkedRow, parkedRows } from "../../ops/dlq/parked-rows.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted, whole } from "../../ops/words.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import {
  actionForm,
  chip,
  command,
  facts,
  idCode,
  linkButton,
  name,
  notice,
  pager,
  section,
  table,
  time,
} from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { type Content, html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { type View, viewOf } from "../view.ts";
import { changesOnPage, namesOf } from "./list-part.ts";
import { tally } from "./run-page.ts";
import { type RunWork, startRun } from "./runs.ts";

const here = "/failed/brake";

interface Read {
  readonly status: BrakeStatus;
  readonly held: readonly ParkedRow[];
  readonly rejected: readonly ParkedRow[];
  readonly isMore: boolean;
}

/** Whom an allow is about: one by id, those of an earlier reject, or all who are held. */
interface Which {
  readonly who: string;
  readonly rejected: boolean;
}

export function addBrakePages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  app.get(here, async (c) => {
    return c.html(await brakePage(viewOf(c, context), o, await read(o), c.req.query("after")));
  });
  app.get(`${here}/allow`, async (c) => {
    const which = whichOf(c.req.query("who"), c.req.query("rejected"));
    return c.html(allowPage(viewOf(c, context), o, await planned(o, which), which));
  });
  app.post(`${here}/allow`, async (c) => {
    const { who, rejected } = await c.req.parseBody();
    const which = whichOf(who, rejected);
    return await decide(c, context, await planned(o, which), allowRun(o, which));
  });
  app.get(`${here}/reject`, async (c) => c.html(rejectPage(viewOf(c, context), o, planReject((await read(o)).status))));
  app.post(`${here}/reject`, async (c) => await decide(c, context, planReject((await read(o)).status), rejectRun(o)));
}

async function read(o: Operations): Promise<Read> {
  const { rows, isMore } = await parkedRows(o);
  const of = (code: string): ParkedRow[] => rows.filter(({ cause }) => cause === code);
  return { status: await brakeStatusOf(o, rows), held: of(brakeHeld), rejected: of(brakeRejected), isMore };
}

function whichOf(who: unknown, rejected: unknown): Which {
  return { who: typeof who === "string" ? who : "", rejected: rejected === "yes" };
}

async function planned(o: Operations, { who, rejected }: Which): Promise<DecisionPlan> {
  const { status, held, rejected: kept } = await read(o);
  if (who === "") return planAllow(status, { rejected });
  const [row] = [...held, ...kept].filter(({ id }) => id === who);
  if (row === undefined) return { people: 0, text: "The brake does not keep this person any more.", nothing: true };
  const names = await namesOf(o, await changesOf(o, [row]));
  return planAllow(status, { user: names.get(who) ?? who });
}

async function brakePage(
  view: View,
  o: Operations,
  { status, held, rejected, isMore }: Read,
  after?: string,
): Promise<Html> {
  const { tone, text } = stateText(status);
  const { trip, decision, windowMinutes, left } = status;
  const isOver = status.state === "off" && held.length === 0;
  const pairs: (readonly [string, Content])[] = [
    ["Held", isMore ? `${people(held.length)} or more` : people(held.length)],
    ["Have left", `${whole(left)} within the last ${windowMinutes} min`],
    ["May leave", mayLeaveText(status, o.tenant.leavers.brake)],
  ];
  if (trip !== undefined) {
    const why = `${whole(trip.count)} left within ${windowMinutes} min, ${whole(trip.threshold)} may`;
    pairs.unshift(["Tripped", html`${time(view, trip.at)}: ${why}`]);
  }
  if (decision !== undefined) pairs.push(["Last decision", decisionText(decision, view.now)]);
  return page(view, {
    title: "The brake",
    place: "/failed",
    aside: chip(tone, status.state === "held" ? "on" : status.state),
    content: html`${notice(tone, `It is ${text}.`)} ${facts(pairs)} ${isOver ? nothing : waysPart(held.length)}
    ${held.length === 0 ? nothing : await heldPart(view, o, held, after)}
    ${rejected.length === 0 ? nothing : await keptPart(view, o, rejected)} ${command(commandFor(o, "brake status"))}`,
  });
}

function people(count: number): string {
  return count === 0 ? "nobody" : counted(count, "person", "people");
}

function waysPart(held: number): Html {
  const isSeen = held === 0;
  return section(
    "Was it meant?",
    html`<div class="ways">
      <div>
        <p>
          <strong>${isSeen ? "I have seen it, and it was meant." : "They are to leave."}</strong>
          Those who are held leave, and whoever leaves within the next window is not counted.
        </p>
        <p>${linkButton(`${here}/allow`, "Allow …")}</p>
      </div>
      <div>
        <p>
          <strong>It was a mistake at the identity provider.</strong>
          Those who are held stay active until it says more about them. Mend it there, too.
        </p>
        <p>${linkButton(`${here}/reject`, "Reject …")}</p>
      </div>
    </div>`,
  );
}

async function heldPart(
  view: View,
  o: Operations,
  rows: readonly ParkedRow[],
  after: string | undefined,
): Promise<Html> {
  const shown = pageOfRows(rows, after, changesOnPage);
  const links = {
    ...(after === undefined ? {} : { first: here }),
    ...(shown.next === undefined ? {} : { next: hrefOf(here, { after: shown.next }) }),
  };
  const list = await listOf(view, o, await changesOf(o, shown.rows), "Who is held");
  return section("Who is held", html`${list} ${pager(links)}`, { aside: people(rows.length) });
}

async function keptPart(view: View, o: Operations, rows: readonly ParkedRow[]): Promise<Html> {
  const first = rows.slice(0, changesOnPage);
  const list = await listOf(view, o, await changesOf(o, first), "Who was kept by an earlier reject");
  const more = rows.length - first.length;
  return section(
    "Kept by an earlier reject",
    html`${list} ${more > 0 ? html`<p class="quiet">And ${whole(more)} more.</p>` : nothing}
      <p>${linkButton(`${here}/allow?rejected=yes`, "They may leave after all …")}</p>`,
    { aside: people(rows.length) },
  );
}

async function listOf(view: View, o: Operations, changes: readonly FailedChange[], caption: string): Promise<Html> {
  const names = await namesOf(o, changes);
  const rows = changes.map(({ type = "", id = "", head }) => {
    const href = addressOf({ type, id });
    return {
      href,
      cells: [
        html`<a href="${href}">${name(names.get(id) ?? id)}</a>`,
        idCode(id),
        head?.state === "deleted" ? "deleted" : "deactivated",
        time(view, head?.leftAt),
        html`<a class="unbroken" href="${hrefOf(`${here}/allow`, { who: id })}">Let go …</a>`,
      ],
    };
  });
  const columns = [
    { title: "Who" },
    { title: "Id", isMinor: true },
    { title: "Said", isMinor: true },
    { title: "When" },
    { title: "Decide" },
  ];
  return html`<div class="listed">${table(caption, columns, rows)}</div>`;
}

function allowPage(view: View, o: Operations, plan: DecisionPlan, { who, rejected }: Which): Html {
  const words = who === "" ? (rejected ? " --rejected" : "") : ` --user ${who}`;
  const hidden = { ...(who === "" ? {} : { who }), ...(rejected ? { rejected: "yes" } : {}) };
  const form = { action: `${here}/allow`, button: "Allow", tone: "primary" as const, hidden };
  return askPage(view, {
    title: "Let them leave?",
    plan,
    form: actionForm(view, form),
    cannot: "Their access ends within seconds. The identity provider alone can bring somebody back.",
    words: commandFor(o, `brake allow${words}`),
  });
}

function rejectPage(view: View, o: Operations, plan: DecisionPlan): Html {
  return askPage(view, {
    title: "Keep them?",
    plan,
    form: actionForm(view, { action: `${here}/reject`, button: "Reject", tone: "danger" }),
    cannot:
      "Whoever is kept can be allowed to leave later, on the page of the brake. Whoever had left before it tripped has left.",
    words: commandFor(o, "brake reject"),
  });
}

interface Question {
  readonly title: string;
  readonly plan: DecisionPlan;
  readonly form: Html;
  readonly cannot: string;
  readonly words: string;
}

function askPage(view: View, { title, plan: { text, nothing: isNothing }, form, cannot, words }: Question): Html {
  const back = linkButton(here, "Decide later");
  return page(view, {
    title,
    place: "/failed",
    content: html`${section(
      "What will happen",
      isNothing === true
        ? html`<p>${text}</p>
            <p>${linkButton(here, "The brake")}</p>`
        : html`<p>${text}</p>
            <p class="quiet">${cannot}</p>
            <div class="actions">${form} ${back}</div>`,
    )}
    ${command(words)}`,
  });
}

async function decide(
  c: ConsoleRequest,
  context: ConsoleContext,
  { nothing: isNothing }: DecisionPlan,
  run: RunWork,
): Promise<Response> {
  if (isNothing === true) return c.redirect(here, 303);
  return await startRun(c, context, run);
}

function allowRun(o: Operations, { who, rejected }: Which): RunWork {
  const run = async (watched: Watched) => {
    if (who !== "") return await allowSome(o, { user: who }, watched);
    return rejected ? await allowSome(o, { cause: brakeRejected }, watched) : await allow(o, watched);
  };
  const subject = who === "" ? (rejected ? "brake allow, rejected" : "brake allow") : `brake allow, User/${who}`;
  return decisionRun({ title: "Letting go", note: "Sent to the worker", subject }, async (watched) => {
    const done = await run(watched);
    return { ...done, text: allowedText(done), count: done.letGo, what: "let go" };
  });
}

function rejectRun(o: Operations): RunWork {
  return decisionRun({ title: "Keeping", note: "Kept", subject: "brake reject" }, async (watched) => {
    const done = await reject(o, watched);
    return { ...done, text: rejectedText(done), count: done.kept, what: "kept" };
  });
}

interface Decided {
  readonly text: string;
  readonly count: number;
  readonly what: string;
  readonly stopped: boolean;
  readonly problem?: string;
}

function decisionRun(
  { title, note, subject }: { title: string; note: string; subject: string },
  work: (watched: Watched) => Promise<Decided>,
): RunWork {
  return {
    kind: "decide",
    title,
    subject,
    run: async ({ onProgress, signal }) => {
      const watched = { signal, onProgress: (done: number, total: number) => onProgress(done, total, note) };
      const { text, count, what, stopped, problem } = await work(watched);
      const why = problem === undefined ? "" : `: ${problem}`;
      return {
        outcome: tally([
          [count, what],
          [stopped ? 1 : 0, "stop"],
        ]),
        summary: () =>
          html`${notice(stopped ? "warn" : "good", text)}
            ${stopped ? notice("warn", `Stopped before the end${why}. Decide again to go on.`) : nothing}
            <p>${linkButton(here, "The brake")}</p>`,
      };
    },
  };
}
