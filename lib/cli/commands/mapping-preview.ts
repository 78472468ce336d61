/** `rollcall mapping preview <file>` */
import type { Failing } from "../../ops/mapping/failing.ts";
import type { Person } from "../../ops/mapping/person.ts";
import { preview, type Preview, previewedTypes } from "../../ops/mapping/preview.ts";
import type { SharedLookup } from "../../ops/mapping/shared-lookups.ts";
import { TenantFileError } from "../../provisioning/tenant-file.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { nounOf } from "../../ops/noun-of.ts";
import { loadDraft, loadTenant } from "../../tenant-folder.ts";
import type { CommandContext, CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { printDifferences } from "../differences-table.ts";
import { withTarget } from "../target.ts";
import { typeNamed } from "../type-named.ts";
import { counted, printable } from "../words.ts";

interface PreviewOptions extends CommonOptions {
  readonly type?: string;
  readonly examples: number;
  readonly masked?: boolean;
}

export function mappingPreview({ io, fail }: CommandContext) {
  return async (file: string, options: PreviewOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const draft = readDraft(io, file, operations.tenant);
      const all: Preview[] = [];
      for (const type of typesOf(operations.tenant, draft, options.type)) {
        const running = progress(io, `comparing ${nounOf(type.id)}s`);
        const { examples, masked = false } = options;
        const walk = { examples, masked, onProgress: running.onProgress, signal: io.interruption() };
        all.push(await preview(operations, draft, type, walk).finally(() => running.stop()));
        if (all.at(-1)?.stopped === true) break;
      }
      const stopped = all.some((one) => one.stopped);
      if (stopped || all.some(({ failed }) => failed > 0)) fail();
      if (options.json === true) printJson(io, all);
      else print(io, all, file, options);
      if (stopped) note(io, "Stopped before the end: this is the part that was seen. Run it again for the whole.");
    });
  };
}

/** Errors: UsageError. */
function typesOf(present: Tenant, draft: Tenant, name: string | undefined): readonly ResourceType[] {
  return name === undefined ? previewedTypes(present, draft) : [typeNamed(draft, name)];
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

function print(io: Io, all: readonly Preview[], file: string, options: PreviewOptions): void {
  for (const found of all) {
    printOne(io, found);
    line(io);
  }
  printNext(io, all, file, options);
}

function printOne(io: Io, found: Preview): void {
  const { type, seen, stopped, attributes, failures, shared, pending } = found;
  line(io, styled(io, "bold", `${counted(seen, nounOf(type))} compared${stopped ? " so far" : ""}`));
  printCounts(io, found);
  if (pending > 0 && attributes.length > 0)
    paragraph(io, `${counted(pending, "change")} not yet applied: a part of the differences comes from there.`);
  if (attributes.length > 0) printDifferences(io, attributes);
  if (failures.length > 0) printFailures(io, failures);
  printMended(io, found);
  if (shared.length > 0) printShared(io, shared, type);
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

function printFailures(io: Io, failures: readonly Failing[]): void {
  line(io);
  line(io, styled(io, "red", "Would fail"));
  for (const { count, already, reason, examples } of failures) {
    paragraph(io, printable(reason), { first: `  ${count.toLocaleString("en")}  ` });
    const who = among(examples, count);
    const today =
      already === 0
        ? "none of them fails today"
        : `${already === count ? "all" : already.toLocaleString("en")} of them fail today, too`;
    paragraph(io, `${who}; ${today}`, { first: "     " });
  }
}

function printShared(io: Io, shared: readonly SharedLookup[], type: string): void {
  line(io);
  line(io, styled(io, "yellow", `Values by which several active ${nounOf(type)}s would be found`));
  for (const { attribute, values, count, valuesNow, examples } of shared) {
    const [example] = examples;
    const one = example === undefined ? "" : `, such as ${example.value} of ${example.first.map(nameOf).join(", ")}`;
    const today = valuesNow === 0 ? "none today" : `${valuesNow.toLocaleString("en")} today`;
    paragraph(io, `${counted(values, "value")} of ${counted(count, nounOf(type))} (${today})${printable(one)}`, {
      first: `  ${attribute}  `,
    });
  }
}

function among(examples: readonly Person[], all: number): string {
  const names = printable(examples.map(nameOf).join(", "));
  if (names === "") return `${all.toLocaleString("en")} in all`;
  return examples.length < all ? `${names} and ${counted(all - examples.length, "other")}` : names;
}

function nameOf({ id, name }: Person): string {
  return name ?? id;
}

/** What remains to be done depends on who is there, too: the file may be the one that is in force already. */
function printNext(io: Io, all: readonly Preview[], file: string, { tenant, local }: PreviewOptions): void {
  const name = tenant ?? io.settings.tenant;
  const target = local === true ? "--local" : `--tenant ${name}`;
  const isNew = all.some(({ mappingHash: { present, draft } }) => present !== draft);
  const isMended = all.some(({ mended }) => mended.count > 0);
  const isToMake = all.some(({ changed, foundOtherwise, restamped }) => changed + foundOtherwise + restamped > 0);
  if (!isNew && !isMended && !isToMake) {
    const same = "The mapping makes the same profiles as the one that is there";
    return paragraph(io, `${same}: nothing would have to be applied again.`);
  }
  line(io, "To bring it about:");
  if (isNew) line(io, `  put the mapping of ${printable(file)} into tenants/${name}.json`);
  line(io, local === true ? "  stop and start `npm start`" : `  npm run deploy -- ${name}`);
  if (isNew || isToMake) line(io, `  npx rollcall resync ${target} --mapping-changed`);
  if (isMended) line(io, `  npx rollcall dlq replay ${target}`);
}

function printMended(io: Io, { mended: { count, examples }, restamped }: Preview): void {
  if (count > 0) {
    line(io);
    line(io, styled(io, "green", "Parked today, and mended by it: `dlq replay` applies them"));
    paragraph(io, among(examples, count), { first: `  ${count.toLocaleString("en")}  `, rest: "     " });
  }
  if (restamped === 0) return;
  line(io);
  const one = restamped === 1;
  const who = one
    ? "1 entry was made by another mapping, and its profile stays"
    : `${restamped.toLocaleString("en")} entries were made by another mapping, and their profiles stay`;
  paragraph(io, `${who} the same: harmless; \`resync --mapping-changed\` only renews ${one ? "its" : "their"} stamp.`);
}
