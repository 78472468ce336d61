/** A look into the dead-letter queues: `/failed/letters`. It takes a while and hides letters, so it is done when asked for. */
import { commandFor } from "../../ops/command.ts";
import { type Causes, causesOf } from "../../ops/dlq/causes.ts";
import { type FailedChange, statusText } from "../../ops/dlq/failed-changes.ts";
import { hiddenSecondsToLook, withFailedChanges } from "../../ops/dlq/select.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted, whole } from "../../ops/words.ts";
import { addressOf, causeAddress } from "../addresses.ts";
import { actionForm, command, empty, name, notice, section, table, time } from "../components.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { shownValue, type View, viewOf } from "../view.ts";
import { tally } from "./run-page.ts";
import { type RunWork, startRun } from "./runs.ts";

const here = "/failed/letters";
/** Of those of which letters alone tell. */
const shownMost = 100;
/** Characters of a message that is none of ours. */
const bodyMost = 200;

export function addLetterPages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  app.get(here, (c) => c.html(askPage(viewOf(c, context), o)));
  app.post(here, async (c) => await startRun(c, context, lookRun(o)));
}

function askPage(view: View, o: Operations): Html {
  return page(view, {
    title: "Look into the dead-letter queues?",
    place: "/failed",
    content: html`<p>
        Every dead letter of both lanes is read and given back. Meanwhile, and for ${hiddenSecondsToLook / 60} minutes
        at most, nobody else sees them. Thousands take seconds to minutes. What is parked stands under
        <a href="/failed">Failed syncs</a> without it; this finds letters that tell of nothing any more, and messages of
        somebody else.
      </p>
      ${actionForm(view, { action: here, button: "Read the dead letters", tone: "primary" })}
      ${command(commandFor(o, "dlq show"))}`,
  });
}

function lookRun(o: Operations): RunWork {
  const run: RunWork["run"] = async ({ onProgress, signal }) => {
    const look = {
      hiddenSeconds: hiddenSecondsToLook,
      onProgress: (done: number, total: number) => {
        // Whoever reads gives back what was read when this fails.
        signal.throwIfAborted();
        onProgress(done, total, "Reading dead letters");
      },
    };
    try {
      const found = await withFailedChanges(o, {}, look, async ({ changes }) => foundIn(changes));
      const { deadLetters } = found.total;
      return { outcome: tally([[deadLetters, "dead letters read"]]), summary: (view) => foundPart(view, found) };
    } catch (error) {
      if (!signal.aborted) throw error;
      return { outcome: "stop", summary: () => notice("warn", "Stopped: what was read was given back.") };
    }
  };
  return { kind: "look", title: "Dead letters", subject: "dead-letter queues", run };
}

/** What is shown of thousands: the console remembers it for as long as it is open. */
interface Found extends Causes {
  readonly ours: Shown;
  readonly foreign: Shown;
}

interface Shown {
  readonly first: readonly FailedChange[];
  readonly count: number;
}

function foundIn(changes: readonly FailedChange[]): Found {
  const alone = changes.filter(({ status }) => status !== "parked");
  const foreign = alone.filter(({ status }) => status === "unreadable");
  const ours = alone.filter(({ status }) => status !== "unreadable");
  return { ...causesOf(changes), ours: shownOf(ours), foreign: shownOf(foreign) };
}

function shownOf(changes: readonly FailedChange[]): Shown {
  return { first: changes.slice(0, shownMost), count: changes.length };
}

function foundPart(view: View, { causes, total, ours, foreign }: Found): Html {
  if (causes.length === 0) return empty("No dead letter", html`<p>Both queues are empty, and nothing is parked.</p>`);
  const columns = [
    { title: "Cause" },
    { title: "Changes", isNumber: true },
    { title: "Parked", isNumber: true },
    { title: "Letters", isNumber: true },
    { title: "Oldest" },
    { title: "Lanes", isMinor: true },
  ];
  const rows = causes.map(({ cause, count, parked, deadLetters, oldest, lanes }) => ({
    href: causeAddress(cause),
    cells: [
      html`<a href="${causeAddress(cause)}">${cause}</a>`,
      whole(count),
      whole(parked),
      whole(deadLetters),
      time(view, oldest),
      lanes.join(", "),
    ],
  }));
  return html`${section("By cause", table("Failed changes with their dead letters", columns, rows), {
    aside: counted(total.deadLetters, "dead letter"),
  })}
  ${ours.count === 0 ? nothing : oursPart(view, ours)} ${foreign.count === 0 ? nothing : foreignPart(view, foreign)}`;
}

function oursPart(view: View, { first, count }: Shown): Html {
  const rows = first.map(({ type = "", id = "", name: known, cause, status, since }) => {
    const href = addressOf({ type, id });
    return {
      href,
      cells: [
        html`<a href="${href}">${name(known ?? id)}</a>`,
        html`<code>${cause}</code>`,
        statusText[status],
        time(view, since),
      ],
    };
  });
  const columns = [{ title: "Who" }, { title: "Cause" }, { title: "How it stands" }, { title: "Since" }];
  return section(
    "Letters of what is not parked",
    html`${table("Letters of what is not parked", columns, rows)} ${cutText(count)}
      <p>A replay takes away what is superseded, and sends what waits.</p>
      ${actionForm(view, { action: "/failed/all/replay", button: "Replay everything" })}`,
  );
}

function foreignPart(view: View, { first, count }: Shown): Html {
  const rows = first.map(({ lanes, letters, since, message = "" }) => ({
    cells: [
      time(view, since),
      lanes.join(", "),
      html`${message}<br /><code class="quiet">${shownValue(view, letters[0]?.body.slice(0, bodyMost))}</code>`,
    ],
  }));
  return section(
    "Messages that are none of ours",
    html`${table("Messages that are none of ours", [{ title: "Sent" }, { title: "Lane" }, { title: "What it is" }], rows)}
      ${cutText(count)}
      <p><a class="button" href="${causeAddress("unreadable-message")}/drop">Drop them …</a></p>`,
  );
}

function cutText(count: number): Html {
  if (count <= shownMost) return nothing;
  return html`<p class="quiet">These are the oldest ${whole(shownMost)} of ${whole(count)}.</p>`;
}
