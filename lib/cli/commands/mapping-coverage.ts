/** `rollcall mapping coverage` */
import { type Coverage, coverage, type CoveredPath, type NeverSent } from "../../ops/mapping/coverage.ts";
import { ignoredWords } from "../../ops/ignored-words.ts";
import type { CommandContext, CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled, widthOf } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { checkPosition } from "../position.ts";
import { progress } from "../progress.ts";
import { shortPath, shortPathNote } from "../../ops/short-path.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { typeNamed } from "../type-named.ts";
import { age, counted, printable } from "../words.ts";

interface CoverageOptions extends CommonOptions {
  readonly type: string;
  readonly logs: number;
  readonly after?: string;
}

export function mappingCoverage({ io, fail }: CommandContext) {
  return async ({ type: named, logs, after, ...options }: CoverageOptions): Promise<void> => {
    checkPosition(after, "id");
    await withTarget(options, io.settings, async ({ operations }) => {
      const type = typeNamed(operations.tenant, named);
      const running = progress(io, "reading");
      const walk = { logs, onProgress: running.onProgress, signal: io.interruption() };
      const found = await coverage(operations, type, after === undefined ? walk : { ...walk, after }).finally(() =>
        running.stop(),
      );
      if (found.stopped) fail();
      if (options.json === true) printJson(io, found);
      else print(io, found, operations.clock.now());
      if (!found.stopped) return;
      const onward = found.position === undefined ? "" : ` \`--after ${found.position}\` goes on behind it.`;
      note(io, `Stopped before the end: this is the part that was seen.${onward}`);
    });
  };
}

// ---------------------------------------------------------------- text

function print(io: Io, found: Coverage, now: number): void {
  const { type, seen, logs, stopped, paths, pathsLeftOut, neverSent, neverMapped } = found;
  const part = stopped ? " so far" : "";
  const read = logs === 0 ? "no changes read" : `the newest ${counted(logs, "change")} of each read`;
  line(io, styled(io, "bold", `${type}: ${counted(seen, "resource")} seen${part}, ${read}`));
  if (paths.length > 0) printTaken(io, paths, now);
  printNotTaken(io, paths, now);
  if (pathsLeftOut > 0) paragraph(io, `… and ${counted(pathsLeftOut, "more path")}, which are only counted.`);
  if (paths.some(({ path }) => shortPath(path) !== path)) {
    line(io);
    line(io, styled(io, "dim", shortPathNote));
  }
  const unusable = paths.filter((one) => one.unusable > 0);
  if (unusable.length > 0) printUnusable(io, unusable);
  if (neverSent.length > 0) printNeverSent(io, neverSent, paths);
  if (neverMapped.length > 0) printNeverMapped(io, neverMapped, paths);
  if (unusable.length + neverSent.length + neverMapped.length > 0 || seen === 0) return;
  line(io);
  line(io, styled(io, "green", "All that is mapped is sent, and all that is sent is mapped."));
}

/** What has a value somewhere, or is asked for by the mapping. */
function printTaken(io: Io, paths: readonly CoveredPath[], now: number): void {
  const wide = widthOf(io) >= columnsForGives;
  const rows = paths
    .filter(({ received, gives }) => received > 0 || gives.length > 0)
    .map(({ path, received, mapped, gives, lastSeen, sample }) => [
      shortPath(path),
      received.toLocaleString("en"),
      mapped.toLocaleString("en"),
      ...(wide ? [gives.join(", ")] : []),
      lastSeen === undefined ? (received === 0 ? "never" : "earlier") : `${age(now - lastSeen)} ago`,
      sample === undefined ? "" : typeof sample === "string" ? sample : JSON.stringify(sample),
    ]);
  line(io);
  const gives = wide ? ["gives"] : [];
  printTable(io, ["path", "received", "mapped", ...gives, "last seen", "sample"], rows, ["received", "mapped"]);
}

const columnsForGives = 110;

function printNotTaken(io: Io, paths: readonly CoveredPath[], now: number): void {
  const rows = paths
    .filter(({ ignored, refused }) => ignored + refused > 0)
    .map(({ path, ignored, refused, lastSeen, reasons }) => [
      shortPath(path),
      ignored.toLocaleString("en"),
      refused.toLocaleString("en"),
      lastSeen === undefined ? "" : `${age(now - lastSeen)} ago`,
      reasons.map((reason) => ignoredWords[reason]).join(", "),
    ]);
  if (rows.length === 0) return;
  line(io);
  line(io, styled(io, "bold", "Not taken"));
  printTable(io, ["path", "ignored", "refused", "last seen", "why"], rows, ["ignored", "refused"]);
}

function printUnusable(io: Io, paths: readonly CoveredPath[]): void {
  line(io);
  paragraph(
    io,
    styled(
      io,
      "red",
      "Sent, and of no use to the mapping: a table does not have it, or it has not the form that is asked for",
    ),
  );
  const names = paths.map(({ path, unusable }) => `${printable(shortPath(path))} (${unusable.toLocaleString("en")})`);
  paragraph(io, names.join(", "), { first: "  " });
}

function printNeverSent(io: Io, all: readonly NeverSent[], paths: readonly CoveredPath[]): void {
  line(io);
  line(io, styled(io, "yellow", "Mapped, but never sent"));
  const width = Math.max(...all.map(({ attribute }) => attribute.length));
  for (const { attribute, paths: asked, closest } of all) {
    const none = `nobody has ${asked.map(shortPath).join(" or ")}.`;
    const hint = closest === undefined ? "" : ` Sent is ${shortPath(closest)}${countText(closest, paths)}.`;
    paragraph(io, `${none}${printable(hint)}`, { first: `  ${attribute.padEnd(width)}  ` });
  }
}

function printNeverMapped(io: Io, all: readonly string[], paths: readonly CoveredPath[]): void {
  line(io);
  line(io, styled(io, "yellow", "Sent, but mapped to nothing"));
  const names = all.map((path) => `${printable(shortPath(path))}${countText(path, paths)}`);
  paragraph(io, names.join(", "), { first: "  " });
}

function countText(path: string, paths: readonly CoveredPath[]): string {
  const found = paths.find((one) => one.path === path);
  if (found === undefined) return "";
  const parts = [
    ...(found.received > 0 ? [found.received.toLocaleString("en")] : []),
    ...(found.ignored > 0 ? [`${found.ignored.toLocaleString("en")} ignored`] : []),
    ...(found.refused > 0 ? [`${found.refused.toLocaleString("en")} refused`] : []),
  ];
  return ` (${parts.join(", ")})`;
}
