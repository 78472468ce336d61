/** `rollcall token create|ls|revoke` */
import { type Command, Option } from "commander";
import { idpNames } from "../../ops/idp/idp.ts";
import { createToken, revokeToken, type TokenInfo, tokens } from "../../ops/tokens.ts";
import { defined } from "../../provisioning/head.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { line, note, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { age, moment, wholeNumber } from "../words.ts";

interface CreateOptions extends CommonOptions {
  readonly label: string;
  readonly expiresDays?: number;
  readonly idp?: string;
  readonly for?: "events";
}

export function addTokenCommands(program: Command, { io }: CommandContext): void {
  const token = commandGroup(program, "token", "tokens: make, list, revoke");

  common(
    token.command("create").description("make a token and print it, once"),
    "token create --tenant acme --label Entra --idp entra",
    "token create --local --label trial --expires-days 30",
    "token create --tenant acme --for events --label application",
  )
    .requiredOption("--label <text>", "who will use it")
    .option("--expires-days <n>", "it ends by itself after so many days", wholeNumber(1, 3650))
    .addOption(
      new Option("--idp <name>", "which identity provider will use it: advice is given in its words").choices(idpNames),
    )
    .addOption(new Option("--for <use>", "it reads the feed of events, and opens nothing else").choices(["events"]))
    .action(async (options: CreateOptions) => {
      if (options.for !== undefined && options.idp !== undefined)
        throw new UsageError(
          "--idp is for the token of an identity provider, which does not read events: leave it out.",
        );
      await withTarget(options, io.settings, async ({ operations }) => {
        const { label, expiresDays, idp, for: use } = options;
        const asked = { label, ...defined({ expiresInDays: expiresDays, idp, use }) };
        const made = await createToken(operations, asked);
        if (options.json === true) return printJson(io, made);
        line(io, made.token);
        const end = made.expiresAt === undefined ? "" : ` It ends ${moment(made.expiresAt)}.`;
        const what = use === undefined ? "" : " It reads the feed of events.";
        note(io, `This is token ${made.id}.${what} It is shown this once and is stored only as a hash.${end}`);
      });
    });

  common(token.command("ls").description("list the tokens, and the OAuth clients"), "token ls --tenant acme").action(
    async (options: CommonOptions) => {
      await withTarget(options, io.settings, async ({ operations }) => {
        const all = await tokens(operations);
        if (options.json === true) return printJson(io, all);
        if (all.length === 0) return line(io, "There is no token yet: `npx rollcall token create` makes one.");
        const now = operations.clock.now();
        const rows = all.map((one) => row(one, now));
        printTable(io, ["id", "label", "for", "made", "last used", "ends"], rows);
      });
    },
  );

  common(
    token.command("revoke <id>").description("end a token at once"),
    "token revoke --tenant acme k3v9x0q2ab",
  ).action(async (id: string, options: CommonOptions) => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const revoked = await revokeToken(operations, id);
      if (options.json === true) printJson(io, { revoked });
      else line(io, `Token ${revoked} is revoked: the next request with it gets a 401.`);
    });
  });
}

function row(token: TokenInfo, now: number): string[] {
  const { id, label, isClient, createdAt, lastUsedAt, expiresAt, revokedAt, alive, use } = token;
  // The feed's function writes nothing.
  const never = use === "events" ? "not noted" : "never";
  const used = lastUsedAt === undefined ? never : `${age(now - lastUsedAt)} ago`;
  const ends =
    revokedAt !== undefined
      ? `revoked ${age(now - revokedAt)} ago`
      : expiresAt === undefined
        ? "never"
        : alive
          ? `in ${age(expiresAt - now)}`
          : `ended ${age(now - expiresAt)} ago`;
  const who = isClient === true ? `${label} (OAuth client)` : label;
  return [id, who, use ?? "SCIM", `${age(now - createdAt)} ago`, used, ends];
}
