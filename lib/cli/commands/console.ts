/** `rollcall console` */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import { actionFile, actionFileName } from "../../console/action-file.ts";
import { systemActor } from "../../console/actor.ts";
import { openConsole } from "../../console/serve.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { line, note } from "../io.ts";
import { printJson } from "../json.ts";
import { type Target, withTarget } from "../target.ts";

interface ConsoleOptions extends CommonOptions {
  readonly port?: number;
}

export function addConsoleCommand(program: Command, { io }: CommandContext): void {
  common(
    program
      .command("console")
      .summary("all of it as pages in a browser, on this machine alone")
      .description(
        "serves the console on 127.0.0.1 and prints the link that opens it, once; nothing is deployed for it. Ctrl-C ends it",
      ),
    "console --local",
    "console --tenant acme --port 8095",
  )
    .option(
      "--port <n>",
      "of 127.0.0.1; 0: any free one. By default 8090, or a free one when that is taken",
      portNumber,
    )
    .action(async (options: ConsoleOptions) => {
      const { settings } = io;
      await withTarget(options, settings, async (target) => {
        const baseUrl = target.baseUrl ?? settings.baseUrl;
        const opened = await openConsole({
          operations: target.operations,
          loaded: target.loaded,
          ...(baseUrl === undefined ? {} : { baseUrl }),
          version: settings.version ?? "unknown",
          ...(options.port === undefined ? {} : { port: options.port }),
          actor: await actorOf(target),
          ...actionFile(settings.dataDir),
        });
        if (options.json === true) printJson(io, { link: opened.link, port: opened.port });
        else line(io, opened.link);
        note(
          io,
          `Opens in one browser, once. What is done there is written to ${actionFileName} in ${settings.dataDir}. Ctrl-C ends it.`,
        );
        const interruption = io.interruption();
        if (!interruption.aborted) await once(interruption, "abort");
        await opened.close();
      });
    });
}

/** Errors: InvalidArgumentError. */
function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("Expected a number from 0 to 65535.");
}

/** Of a stack also as AWS knows them. Errors: the SDK's, such as missing credentials. */
async function actorOf({ operations, loaded }: Target): Promise<string> {
  if (operations.deployment === undefined) return systemActor();
  const client = new STSClient({ region: loaded.settings.environment.region });
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    return `${systemActor()} (${Arn ?? "unknown to AWS"})`;
  } finally {
    client.destroy();
  }
}
