/** The two decisions about the brake: each has a page that asks first, and is carried out as a run. */
import { allow, allowSome, reject, type Watched } from "../../ops/brake/decide.ts";
import { brakeRejected } from "../../ops/brake/held.ts";
import { allowedText, type DecisionPlan, planAllow, planReject, rejectedText } from "../../ops/brake/words.ts";
import { commandFor } from "../../ops/command.ts";
import { changesOf } from "../../ops/dlq/failed-changes.ts";
import type { Operations } from "../../ops/operations.ts";
import { actionForm, command, linkButton, notice, section } from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { type View, viewOf } from "../view.ts";
import { brakeAddress as here, readBrakePage } from "./brake-read.ts";
import { namesOf } from "./list-part.ts";
import { tally } from "./run-page.ts";
import { type RunWork, startRun } from "./runs.ts";

/** Whom an allow is about: one by id, those of an earlier reject, or all who are held. */
interface Which {
  readonly who: string;
  readonly rejected: boolean;
}

export function addBrakeDecisions(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  const planned = async (): Promise<DecisionPlan> => planReject((await readBrakePage(o)).status);
  app.get(`${here}/allow`, async (c) => {
    const which = whichOf(c.req.query("who"), c.req.query("rejected"));
    return c.html(allowPage(viewOf(c, context), o, await plannedAllow(o, which), which));
  });
  app.post(`${here}/allow`, async (c) => {
    const { who, rejected } = await c.req.parseBody();
    const which = whichOf(who, rejected);
    return await decide(c, context, await plannedAllow(o, which), allowRun(o, which));
  });
  app.get(`${here}/reject`, async (c) => c.html(rejectPage(viewOf(c, context), o, await planned())));
  app.post(`${here}/reject`, async (c) => await decide(c, context, await planned(), rejectRun(o)));
}

function whichOf(who: unknown, rejected: unknown): Which {
  return { who: typeof who === "string" ? who : "", rejected: rejected === "yes" };
}

async function plannedAllow(o: Operations, { who, rejected }: Which): Promise<DecisionPlan> {
  const { status, held, rejected: kept } = await readBrakePage(o);
  if (who === "") return planAllow(status, { rejected });
  const [row] = [...held, ...kept].filter(({ id }) => id === who);
  if (row === undefined) return { people: 0, text: "The brake does not keep this person any more.", nothing: true };
  const names = await namesOf(o, await changesOf(o, [row]));
  return planAllow(status, { user: names.get(who) ?? who });
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
