/** `rollcall types` */
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { entryTypes } from "../../ops/directory-types/entry-types.ts";
import { typesFile, typesFileBegins } from "../../ops/directory-types/typescript.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { note, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { loadNamed } from "../target.ts";

interface TypesOptions extends CommonOptions {
  readonly out?: string;
}

export function addTypesCommand(program: Command, { io }: CommandContext): void {
  common(
    program
      .command("types")
      .summary("TypeScript of your profiles, lookups and events")
      .description(
        "TypeScript types of the profiles that the tenant file makes, for rollcall/directory in your application; it reads the tenant file alone, and asks nothing of AWS",
      ),
    "types --tenant acme --out ../app/src/rollcall.ts",
    "types --local",
    "types --tenant acme --json",
  )
    .option("--out <file>", "where to, in place of standard output; one that this command has made is written over")
    .action((options: TypesOptions) => {
      const { tenant } = loadNamed(options, io.settings);
      const types = entryTypes(tenant);
      if (options.json === true) return printJson(io, { tenant: tenant.name, types });
      const text = typesFile(tenant.name, types);
      if (options.out === undefined) return io.stdout(text);
      write(options.out, text);
      note(io, `${options.out} has the types of ${tenant.name}.`);
    });
}

/** Errors: UsageError when it is somebody else's, or cannot be written. */
function write(path: string, text: string): void {
  try {
    if (!isOurs(path)) {
      throw new UsageError(`${path} is there already, and was not made by this command: name another file with --out.`);
    }
    writeFileSync(path, text);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const why = error.code === "ENOENT" ? "there is no such folder" : String(error.code);
    throw new UsageError(`${path} cannot be written: ${why}.`, { cause: error });
  }
}

/** Also when it is not there. */
function isOurs(path: string): boolean {
  try {
    return readFileSync(path, "utf8").startsWith(typesFileBegins);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return true;
    throw error;
  }
}
