/** `rollcall dlq show` */
import { type FailedChange, statusText } from "../../ops/dlq/failed-changes.ts";
import { hiddenSecondsToLook } from "../../ops/dlq/select.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { age, counted, moment, printable } from "../words.ts";
import { type SelectionOptions, withSelected } from "./dlq.ts";

interface ShowOptions extends SelectionOptions {
  readonly limit: number;
}

export function dlqShow({ io }: CommandContext) {
  return async (options: ShowOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const reading = progress(io, "reading dead letters");
      const look = { hiddenSeconds: hiddenSecondsToLook, onProgress: reading.onProgress };
      const changes = await withSelected(operations, options, look, async (found) => found.changes).finally(() =>
        reading.stop(),
      );
      if (options.json === true) return printJson(io, changes.map(asData));
      if (changes.length === 0) return line(io, nothing(options));
      const now = operations.clock.now();
      for (const change of changes.slice(0, options.limit)) print(io, change, now);
      const more = changes.length - options.limit;
      if (more > 0) line(io, `… and ${counted(more, "more change")}: --limit shows more of them, --json all.`);
      line(io, counted(changes.length, "change"));
    });
  };
}

function nothing({ givenUp }: SelectionOptions): string {
  return givenUp === true
    ? "Nothing of that kind was given up."
    : "Nothing of that kind is parked, and there is no dead letter of it.";
}

/** Receipts are nobody's business: their number is told. Of the head, what an operator decided. */
function asData({ letters, head, ...change }: FailedChange): object {
  const body = change.status === "unreadable" ? { body: letters[0]?.body.slice(0, bodyMost) } : {};
  const givenUp = head?.givenUp === undefined ? {} : { givenUp: head.givenUp };
  return { ...change, ...givenUp, deadLetters: letters.length, ...body };
}

const bodyMost = 200;
const indented = { first: "  " };

function print(io: Io, change: FailedChange, now: number): void {
  const { key, type, id, name, cause, message, status, version, applied, letters, lanes, head } = change;
  line(io, styled(io, "bold", type === undefined ? printable(key) : `${type} ${printable(name ?? id ?? "")}`));
  if (name !== undefined && id !== undefined) line(io, `  ${printable(id)}`);
  const waits = `${statusText[status]}, for ${age(now - change.since)}, lane ${lanes.join(", ")}`;
  paragraph(io, `${styled(io, "red", printable(cause))}, ${waits}`, indented);
  if (message !== undefined) paragraph(io, printable(message), indented);
  const decided = status === "givenUp" ? head?.givenUp : undefined;
  if (decided !== undefined) paragraph(io, `${moment(decided.at)}: ${printable(decided.reason)}`, indented);
  if (status === "unreadable") paragraph(io, printable(letters[0]?.body.slice(0, bodyMost) ?? ""), indented);
  const versions = version === undefined ? "" : `version ${version} accepted, ${applied ?? 0} in the directory; `;
  line(io, styled(io, "dim", `  ${versions}${counted(letters.length, "dead letter")}`));
  line(io);
}
