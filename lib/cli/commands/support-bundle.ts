/** `rollcall support-bundle <who>` */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { type SupportBundle, supportBundle } from "../../ops/support-bundle/bundle.ts";
import { bundleFileName } from "../../ops/support-bundle/file-name.ts";
import { asMarkdown } from "../../ops/support-bundle/markdown.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, note, UsageError } from "../io.ts";
import { jsonOf } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { printable } from "../words.ts";

interface BundleCommandOptions extends CommonOptions {
  readonly out?: string;
  readonly unmasked?: boolean;
  readonly yes?: boolean;
}

export function addSupportBundleCommand(program: Command, { io }: CommandContext): void {
  common(
    program
      .command("support-bundle <who>")
      .summary("one masked page about somebody, for support")
      .description(
        "one Markdown file about one person or group, to send to whoever is to help: what was said against what is here, error texts, time line, versions, configuration; values are masked",
      ),
    "support-bundle --tenant acme ada@example.com",
    "support-bundle --local ada@example.com --out ticket-4711.md",
    "support-bundle --tenant acme ada@example.com --json",
  )
    .option("--out <file>", "where to; - for standard output. By default a file in this folder that names nobody")
    .option("--unmasked", "leave values as they are: asks first")
    .option("--yes", "do not ask")
    .action(async (who: string, options: BundleCommandOptions) => {
      const unmasked = options.unmasked === true;
      if (unmasked && !(await isMeant(io, who, options))) return note(io, "Nothing was written.");
      await withTarget(options, io.settings, async ({ operations, loaded }) => {
        const bundle = await supportBundle(operations, who, {
          settings: loaded.settings,
          fileHash: loaded.hash,
          rollcall: io.settings.version ?? "unknown",
          node: process.version,
          masked: !unmasked,
        });
        const text = options.json === true ? `${jsonOf(bundle)}\n` : asMarkdown(bundle);
        // `--json` is for programs, which read standard output; people want a file that they can attach.
        const out = options.out ?? (options.json === true ? "-" : bundleFileName(bundle));
        if (out === "-") return io.stdout(text);
        write(out, text);
        tell(io, out, bundle);
      });
    });
}

/** Errors: UsageError when nobody is there to be asked. */
async function isMeant(io: Io, who: string, { yes }: BundleCommandOptions): Promise<boolean> {
  if (yes === true) return true;
  if (io.confirm === undefined)
    throw new UsageError("Nobody is there to be asked whether values are to be left as they are: add --yes.");
  return await io.confirm(`Write names, e-mail addresses and all other values about "${who}" as they are?`);
}

const whyNot: ReadonlyMap<string, string> = new Map([
  ["EEXIST", "is there already: name another with --out"],
  ["ENOENT", "cannot be written: there is no such folder"],
]);

/** For its owner's eyes. Errors: UsageError when it is there already, or cannot be written. */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why = whyNot.get(code) ?? `cannot be written: ${code}`;
    throw new UsageError(`${path} ${why}.`, { cause: error });
  }
}

function tell(io: Io, path: string, { masked, verdict, idp }: SupportBundle): void {
  line(io, path);
  paragraph(io, printable(`${verdict.code}: ${verdict.summary}`), { first: "  " });
  paragraph(
    io,
    masked
      ? "Values are masked. Look through it all the same before you send it."
      : "Values are NOT masked: send it only where personal data may go.",
    { first: "  " },
  );
  paragraph(io, `Add from ${idp.title}: ${idp.evidence}.`, { first: "  " });
}
