/** `rollcall mapping preview <file>` */
import type { AttributeDifference } from "../../ops/mapping/differences.ts";
import type { Failing } from "../../ops/mapping/failing.ts";
import type { Person } from "../../ops/mapping/person.ts";
import { preview, type Preview } from "../../ops/mapping/preview.ts";
import type { SharedLookup } from "../../ops/mapping/shared-lookups.ts";
import { TenantFileError } from "../../provisioning/tenant-file.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import type { Json } from "../../scim/json.ts";
import { loadDraft, loadTenant } from "../../tenant-folder.ts";
import type { CommandContext, CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { counted, printable } from "../words.ts";

interface PreviewOptions extends CommonOptions {
  readonly examples: number;
  readonly masked?: boolean;
}

export function mappingPreview({ io, fail }: CommandContext) {
  return async (file: string, options: PreviewOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const draft = readDraft(io, file, operations.tenant);
      const running = progress(io, "comparing");
      const found = await preview(operations, draft, {
        examples: options.examples,
        masked: options.masked === true,
        onProgress: running.onProgress,
        signal: io.interruption(),
      }).finally(() => running.stop());
      if (found.failed > 0 || found.stopped) fail();
      if (options.json === true) printJson(io, found);
      else print(io, found, file, options);
      if (found.stopped)
        note(io, "Stopped before the end: this is the part that was seen. Run it again for the whole.");
    });
  };
}

/** Errors: UsageError. */
function readDraft({ settings }: Io, file: string, { name }: Tenant): Tenant {
  const present = loadTenant(settings.tenantsDir, name);
  try {
    return loadDraft(file, present);
  } catch (error) {
    if (error instanceof TenantFileError) throw new UsageError(error.message, { cause: error });
    if (!(error instanceof Error && "code" in error)) throw error;
    const why = error.code === "ENOENT" ? "it is not there" : (error.message.split(",")[0] ?? error.message);
    throw new UsageError(`The file "${file}" cannot be read: ${why}.`, { cause: error });
  }
}

// ---------------------------------------------------------------- text

function print(io: Io, found: Preview, file: string, options: PreviewOptions): void {
  const { seen, stopped, mappingHash, attributes, failures, shared, pending } = found;
  line(io, styled(io, "bold", `${counted(seen, "user")} compared${stopped ? " so far" : ""}`));
  printCounts(io, found);
  if (pending > 0)
    paragraph(
      io,
      `${counted(pending, "user")} with a change that is not yet applied: a part of the differences is that change's.`,
    );
  if (attributes.length > 0) printDifferences(io, attributes);
  if (failures.length > 0) printFailures(io, failures);
  if (shared.length > 0) printShared(io, shared);
  line(io);
  if (mappingHash.present === mappingHash.draft)
    return paragraph(
      io,
      "The mapping makes the same profiles as the one that is there: nothing would have to be applied again.",
    );
  printNext(io, file, options);
}

function printCounts(io: Io, { unchanged, changed, foundOtherwise, appears, failed }: Preview): void {
  const counts: [number, string, Parameters<typeof styled>[1]?][] = [
    [unchanged, "stay as they are"],
    [changed, "would change", "yellow"],
    [foundOtherwise, "would be found by other values", "yellow"],
    [appears, "would get their first entry", "green"],
    [failed, "would fail", "red"],
  ];
  const shown = counts.filter(([count], n) => n < 2 || count > 0);
  const width = Math.max(...shown.map(([count]) => count.toLocaleString("en").length));
  for (const [count, text, style] of shown) {
    const words = `  ${count.toLocaleString("en").padStart(width)}  ${text}`;
    line(io, style === undefined || count === 0 ? words : styled(io, style, words));
  }
}

export function printDifferences(io: Io, attributes: readonly AttributeDifference[]): void {
  line(io);
  const numbers = ["get one", "lose it", "differ"];
  const rows = attributes.map(({ attribute, gets, loses, differs }) => {
    return [attribute, ...[gets, loses, differs].map((count) => count.toLocaleString("en"))];
  });
  printTable(io, ["attribute", ...numbers], rows, numbers);
  const examples = attributes.flatMap(({ attribute, examples }) => {
    return examples.map((example, n) => [
      n === 0 ? attribute : "",
      nameOf(example),
      valueText(example.before),
      valueText(example.after),
    ]);
  });
  if (examples.length === 0) return;
  line(io);
  printTable(io, ["attribute", "for example", "now", "then"], examples);
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return "–";
  if (Array.isArray(value)) return value.length === 0 ? "(none)" : value.map(valueText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function printFailures(io: Io, failures: readonly Failing[]): void {
  line(io);
  line(io, styled(io, "red", "Would fail"));
  for (const { users, already, reason, examples } of failures) {
    paragraph(io, printable(reason), { first: `  ${users.toLocaleString("en")}  ` });
    const who = among(examples, users);
    const today =
      already === 0
        ? "none of them fails today"
        : `${already === users ? "all" : already.toLocaleString("en")} of them fail today, too`;
    paragraph(io, `${who}; ${today}`, { first: "     " });
  }
}

function printShared(io: Io, shared: readonly SharedLookup[]): void {
  line(io);
  line(io, styled(io, "yellow", "Values by which several active users would be found"));
  for (const { attribute, values, users, valuesNow, examples } of shared) {
    const [example] = examples;
    const one = example === undefined ? "" : `, such as ${example.value} of ${example.users.map(nameOf).join(", ")}`;
    const today = valuesNow === 0 ? "none today" : `${valuesNow.toLocaleString("en")} today`;
    paragraph(io, `${counted(values, "value")} of ${counted(users, "user")} (${today})${printable(one)}`, {
      first: `  ${attribute}  `,
    });
  }
}

function among(examples: readonly Person[], all: number): string {
  const names = printable(examples.map(nameOf).join(", "));
  if (names === "") return counted(all, "user");
  return examples.length < all ? `${names} and ${counted(all - examples.length, "other")}` : names;
}

function nameOf({ id, name }: Person): string {
  return name ?? id;
}

function printNext(io: Io, file: string, { tenant, local }: PreviewOptions): void {
  const name = tenant ?? io.settings.tenant;
  line(io, "To bring it about:");
  line(io, `  put the mapping of ${printable(file)} into tenants/${name}.json`);
  line(io, local === true ? "  stop and start `npm start`" : `  npm run deploy -- ${name}`);
  line(io, `  npx rollcall resync ${local === true ? "--local" : `--tenant ${name}`} --mapping-changed`);
}
