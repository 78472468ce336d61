/** `rollcall export` */
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { type Command, Option } from "commander";
import { type ExportKind, exportKinds, exportResources } from "../../ops/export/export-resources.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, note, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { counted } from "../words.ts";

interface ExportOptions extends CommonOptions {
  readonly out?: string;
  readonly type: ExportKind;
}

export function addExportCommand(program: Command, { io, fail }: CommandContext): void {
  common(
    program
      .command("export")
      .summary("all users and groups as SCIM JSON lines")
      .description(
        "users, resources of the tenant's own types and groups as SCIM, a line of JSON for each: what the identity provider said, as it was accepted; `rollcall import` reads it",
      ),
    "export --tenant acme --out acme.jsonl",
    "export --local --type groups",
  )
    .option("--out <file>", "where to, readable by you alone. By default standard output")
    .addOption(new Option("--type <type>", "which of them").choices(exportKinds).default("all"))
    .action(async (options: ExportOptions) => {
      const { out, type: kind } = options;
      if (out === undefined && options.json === true)
        throw new UsageError("Standard output is JSON already: --json goes with --out, and tells what was written.");
      await withTarget(options, io.settings, async ({ operations, baseUrl = io.settings.baseUrl ?? "" }) => {
        const sink = out === undefined ? standardOutput(io) : fileSink(out);
        const running = progress(io, "exporting");
        const during = { kind, baseUrl, onProgress: running.onProgress, signal: io.interruption() };
        try {
          const done = await exportResources(operations, during, (body) => sink.write(`${JSON.stringify(body)}\n`));
          running.stop();
          if (done.stopped) fail();
          else sink.finish();
          const { counts, stopped } = done;
          if (options.json === true) printJson(io, { file: out, counts, stopped });
          else if (out !== undefined && !stopped) line(io, out);
          const told = Object.entries(counts).map(([name, count]) => counted(count, name));
          note(io, stopped ? stoppedText(out) : `${told.join(", ")}: personal data, for your eyes alone.`);
        } finally {
          running.stop();
          sink.end();
        }
      });
    });
}

function stoppedText(out: string | undefined): string {
  return out === undefined
    ? "Stopped before the end: this is a part."
    : `Stopped before the end: ${out} was not written.`;
}

interface Sink {
  write(text: string): void;
  /** All is written. */
  finish(): void;
  /** What was not finished goes. */
  end(): void;
}

function standardOutput(io: Io): Sink {
  return { write: io.stdout, finish: () => {}, end: () => {} };
}

/** Under another name until it is whole, so that nobody takes a part for all. Errors: UsageError. */
function fileSink(path: string): Sink {
  if (existsSync(path)) throw new UsageError(`${path} is there already: name another with --out.`);
  const part = `${path}.part`;
  const file = openPart(part);
  let isOpen = true;
  const close = () => {
    closeSync(file);
    isOpen = false;
  };
  return {
    write: (text) => void writeSync(file, text),
    finish: () => {
      close();
      renameSync(part, path);
    },
    end: () => {
      if (!isOpen) return;
      close();
      rmSync(part);
    },
  };
}

function openPart(path: string): number {
  try {
    return openSync(path, "wx", 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why =
      code === "EEXIST"
        ? "is left over from an export that was killed: delete it"
        : code === "ENOENT"
          ? "cannot be written: there is no such folder"
          : `cannot be written: ${code}`;
    throw new UsageError(`${path} ${why}.`, { cause: error });
  }
}
