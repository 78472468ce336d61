/** `rollcall dlq show` */
import type { FailedChange } from "../../ops/dlq/failed-changes.ts";
import { withFailedChanges } from "../../ops/dlq/select.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { age, counted, printable } from "../words.ts";
import { type SelectionOptions, selectionOf } from "./dlq.ts";
import { hiddenSecondsToLook } from "./dlq-ls.ts";

export function dlqShow({ io }: CommandContext) {
  return async (options: SelectionOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const reading = progress(io, "reading dead letters");
      const look = { hiddenSeconds: hiddenSecondsToLook, onProgress: reading.onProgress };
      const changes = await withFailedChanges(
        operations,
        selectionOf(options),
        look,
        async (found) => found.changes,
      ).finally(() => reading.stop());
      if (options.json === true) return printJson(io, changes.map(asData));
      if (changes.length === 0) return line(io, "Nothing of that kind is parked, and there is no dead letter of it.");
      const now = operations.clock.now();
      for (const change of changes) print(io, change, now);
      line(io, counted(changes.length, "change"));
    });
  };
}

/** Receipts are nobody's business: their number is told. */
function asData({ letters, ...change }: FailedChange): object {
  const body = change.status === "unreadable" ? { body: letters[0]?.body.slice(0, bodyMost) } : {};
  return { ...change, deadLetters: letters.length, ...body };
}

const bodyMost = 200;

function print(io: Io, change: FailedChange, now: number): void {
  const { key, type, id, name, cause, message, status, version, applied, letters, lanes } = change;
  line(io, styled(io, "bold", type === undefined ? printable(key) : `${type} ${printable(name ?? id ?? "")}`));
  if (name !== undefined && id !== undefined) line(io, `  ${printable(id)}`);
  line(
    io,
    `  ${styled(io, "red", printable(cause))}, ${statusText[status]}, for ${age(now - change.since)}, lane ${lanes.join(", ")}`,
  );
  if (message !== undefined) line(io, `  ${printable(message)}`);
  if (status === "unreadable") line(io, `  ${printable(letters[0]?.body.slice(0, bodyMost) ?? "")}`);
  const versions = version === undefined ? "" : `version ${version} accepted, ${applied ?? 0} in the directory; `;
  line(io, styled(io, "dim", `  ${versions}${counted(letters.length, "dead letter")}`));
  line(io);
}

const statusText: Readonly<Record<FailedChange["status"], string>> = {
  parked: "parked",
  pending: "the worker will try again by itself",
  applied: "superseded: a later change was applied",
  gone: "superseded: the resource is no more",
  unreadable: "not one of our messages",
};
