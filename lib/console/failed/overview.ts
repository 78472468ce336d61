/** The page `/failed`: how many wait by cause, what lies in the dead-letter queues, and what is being done about it. */
import { brakeHeld } from "../../ops/brake/held.ts";
import { commandFor } from "../../ops/command.ts";
import { causesOfRows, type ParkedCause, parkedRows, type ParkedRows } from "../../ops/dlq/parked-rows.ts";
import { laneNames, type Operations } from "../../ops/operations.ts";
import { counted, whole } from "../../ops/words.ts";
import type { LaneName } from "../../provisioning/ports.ts";
import { command, empty, facts, linkButton, notice, section, table, time, withCode } from "../components.ts";
import { causeAddress } from "../addresses.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { howFar } from "../job-part.ts";
import { page } from "../layout.ts";
import { type View, viewOf } from "../view.ts";
import { givenUpPage } from "./given-up.ts";
import { stateChip } from "./run-page.ts";
import { runAddress, runsOf } from "./runs.ts";

type Depths = Readonly<Record<LaneName, number>>;

export function addFailedOverview(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  app.get("/failed", async (c) => {
    const view = viewOf(c, context);
    if (c.req.query("given-up") === "yes") return c.html(await givenUpPage(view, o, c.req.query("after")));
    const [parked, given, depths] = await Promise.all([parkedRows(o), parkedRows(o, "given"), depthsOf(o)]);
    return c.html(
      page(view, {
        title: "Failed syncs",
        place: "/failed",
        content: html`${runsPart(view, context, "running")} ${causesPart(view, parked, depths)} ${lettersPart(depths)}
        ${givenUpPart(given)} ${runsPart(view, context, "ended")} ${command(commandFor(o, "dlq ls"))}`,
      }),
    );
  });
}

async function depthsOf({ deadLetters }: Operations): Promise<Depths> {
  const [leavers, changes] = await Promise.all(laneNames.map(async (name) => await deadLetters[name].depth()));
  return { leavers: leavers ?? 0, changes: changes ?? 0 };
}

function causesPart(view: View, { rows, isMore }: ParkedRows, depths: Depths): Html {
  const causes = causesOfRows(rows);
  const count = causes.reduce((sum, cause) => sum + cause.count, 0);
  if (count === 0) return nothingFailed(depths);
  const aside = html`${counted(count, "change")}${isMore ? " or more: these are as many as are read at once" : ""}`;
  const columns = [
    { title: "Cause" },
    { title: "What to do", isMinor: true },
    { title: "Changes", isNumber: true },
    { title: "Oldest", isNumber: true },
  ];
  const list = table(
    "What failed, by cause",
    columns,
    causes.map((cause) => causeRow(view, cause)),
  );
  const all = causes.length > 1 ? html`<p>${linkButton("/failed/all", "All of them")}</p>` : nothing;
  return section("By cause", html`${list} ${all}`, { aside });
}

function causeRow(view: View, { cause, meaning, cure, count, oldest }: ParkedCause) {
  const href = cause === brakeHeld ? "/failed/brake" : causeAddress(cause);
  const what = meaning ?? "This version does not know the code: another one may have parked it.";
  return {
    href,
    cells: [
      html`<a class="cause" href="${href}">${cause}</a><br />${what}`,
      cure === undefined ? "" : withCode(cure),
      whole(count),
      time(view, oldest),
    ],
  };
}

function nothingFailed({ leavers, changes }: Depths): Html {
  const letters = leavers + changes;
  if (letters > 0)
    return notice(
      "warn",
      html`No change is parked, and yet ${counted(letters, "dead letter")} ${letters === 1 ? "is" : "are"} left: they
      may tell of something that a later change has mended, or be messages of somebody else. Look into the queues to
      see.`,
    );
  return empty(
    "Nothing failed",
    html`<p>
      Every change that the identity provider sent is in the directory, or on its way there. One that cannot be carried
      over, for want of an e-mail address that the mapping requires for instance, would stand here by its cause, with
      the cure and a button that replays it.
    </p>`,
  );
}

function lettersPart({ leavers, changes }: Depths): Html {
  const isEmpty = leavers + changes === 0;
  const depths = facts([
    ["Leavers' queue", counted(leavers, "dead letter")],
    ["Changes' queue", counted(changes, "dead letter")],
  ]);
  return section(
    "Dead letters",
    html`${isEmpty ? html`<p>Both queues are empty: no alarm rings.</p>` : depths}
      <p class="quiet">
        A dead letter rings the alarm. What failed is known without them, so the list above leaves them alone; to look
        into the queues hides the letters from others for two minutes at most.
      </p>
      <p>${linkButton("/failed/letters", "Look into the dead-letter queues")}</p>`,
  );
}

function givenUpPart({ rows, isMore }: ParkedRows): Html {
  if (rows.length === 0) return nothing;
  const [stay, them] = rows.length === 1 ? ["stays as it is", "it"] : ["stay as they are", "them"];
  const count = `${counted(rows.length, "change")}${isMore ? " or more" : ""}`;
  const text = `${count} ${stay} until the identity provider says something new, or somebody takes ${them} up again.`;
  return section(
    "Given up",
    html`<p>${text}</p>
      <p>${linkButton("/failed?given-up=yes", "See them, and why")}</p>`,
  );
}

function runsPart(view: View, context: ConsoleContext, which: "running" | "ended"): Html {
  const runs = runsOf(context).filter(({ state }) => (state === "running") === (which === "running"));
  if (runs.length === 0) return nothing;
  const rows = runs.map((job) => ({
    href: runAddress(job),
    cells: [
      html`<a href="${runAddress(job)}">${job.title}</a>`,
      html`${stateChip(job)} ${which === "running" ? howFar(job.progress) : nothing}`,
      time(view, job.startedAt),
    ],
  }));
  const title = which === "running" ? "Under way" : "Done from here";
  return section(title, table(title, [{ title: "What" }, { title: "State" }, { title: "Begun" }], rows));
}
