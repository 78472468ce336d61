/** `rollcall client create|ls|rotate|revoke` */
import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { publicKeysIn } from "../../ops/client-keys.ts";
import {
  type ClientInfo,
  clients,
  createClient,
  finishRotation,
  type MadeClient,
  revokeClient,
  rotateClient,
  undoRotation,
} from "../../ops/clients.ts";
import { idpNames, idpWords } from "../../ops/idp/idp.ts";
import { tokenUrlOf } from "../../ops/token-url.ts";
import { defined } from "../../provisioning/head.ts";
import type { PublicKey } from "../../provisioning/client.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { type Io, line, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { noteOtherFile } from "../other-file.ts";
import { noteSentence } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { type Target, withTarget } from "../target.ts";
import { age } from "../words.ts";

interface CreateOptions extends CommonOptions {
  readonly label: string;
  readonly idp?: string;
  readonly jwk?: string;
}

interface RotateOptions extends CommonOptions {
  readonly jwk?: string;
  readonly finish?: boolean;
  readonly undo?: boolean;
}

export function addClientCommands(program: Command, context: CommandContext): void {
  const client = commandGroup(program, "client", "OAuth clients in place of tokens: make, list, rotate, …");
  addCreate(client, context);
  addLs(client, context);
  addRotate(client, context);
  addRevoke(client, context);
}

function addCreate(client: Command, { io }: CommandContext): void {
  common(
    client.command("create").description("make a client and print its id and secret, once"),
    "client create --tenant acme --label Entra --idp entra",
    "client create --local --label trial --jwk their-public-key.json",
  )
    .requiredOption("--label <text>", "who will use it")
    .addOption(
      new Option("--idp <name>", "which identity provider will use it: advice is given in its words").choices(idpNames),
    )
    .option("--jwk <file>", "its public key (JWK, JWKS or PEM): it signs assertions, and gets no secret")
    .action(async (options: CreateOptions) => {
      const keys = keysOf(options.jwk);
      await withTarget(options, io.settings, async (target) => {
        const { label, idp } = options;
        const made = await createClient(target.operations, { label, ...defined({ idp, keys }) });
        if (options.json === true) return printJson(io, { ...made, tokenUrl: urlOf(io, target) });
        printMade(io, target, made);
        noteOtherFile(io, target.operations, "clients are let in once it is deployed with OAuth");
      });
    });
}

function addLs(client: Command, { io }: CommandContext): void {
  common(client.command("ls").description("list the clients"), "client ls --tenant acme").action(
    async (options: CommonOptions) => {
      await withTarget(options, io.settings, async ({ operations }) => {
        const all = await clients(operations);
        if (options.json === true) return printJson(io, all);
        if (all.length === 0) return line(io, "There is no client yet: `npx rollcall client create` makes one.");
        const now = operations.clock.now();
        const rows = all.map((one) => row(one, now));
        printTable(io, ["id", "label", "made", "last used", "proves itself by", "state"], rows);
      });
    },
  );
}

function addRotate(client: Command, { io }: CommandContext): void {
  common(
    client
      .command("rotate <id>")
      .description("a second secret (or key) beside the first; paste it, then --finish, which ends the first"),
    "client rotate --tenant acme k3v9x0q2ab",
    "client rotate --tenant acme k3v9x0q2ab --finish",
  )
    .option("--jwk <file>", "the new public key (JWK, JWKS or PEM) of a client that has keys")
    .option("--finish", "end the older of the two")
    .option("--undo", "end the newer of the two")
    .action(async (id: string, options: RotateOptions) => {
      if ([options.jwk, options.finish, options.undo].filter((one) => one !== undefined).length > 1)
        throw new UsageError("--jwk, --finish and --undo are three different things: name one of them.");
      const keys = keysOf(options.jwk);
      await withTarget(options, io.settings, async (target) => {
        const { operations } = target;
        if (options.finish === true || options.undo === true) {
          const settled = await (options.finish === true ? finishRotation : undoRotation)(operations, id);
          if (options.json === true) return printJson(io, settled);
          return line(
            io,
            `Client ${id}: the ${options.finish === true ? "older" : "newer"} of the two is refused now.`,
          );
        }
        const made = await rotateClient(operations, id, keys);
        if (options.json === true) return printJson(io, { ...made, tokenUrl: urlOf(io, target) });
        printMade(io, target, made);
        noteSentence(
          io,
          `The older one is good as well. When the new one is in use (\`client ls\`): npx rollcall client rotate ${id} --finish`,
        );
      });
    });
}

function addRevoke(client: Command, { io }: CommandContext): void {
  common(
    client.command("revoke <id>").description("end a client and its access tokens at once"),
    "client revoke --tenant acme k3v9x0q2ab",
  ).action(async (id: string, options: CommonOptions) => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const revoked = await revokeClient(operations, id);
      if (options.json === true) printJson(io, { revoked });
      else line(io, `Client ${revoked} is revoked: its access tokens get a 401 from the next request on.`);
    });
  });
}

/** Errors: UsageError when there is no such file; OperationError. */
function keysOf(file: string | undefined): PublicKey[] | undefined {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: --jwk takes a file with a public key.`, { cause: error });
  }
  return publicKeysIn(text, file);
}

function urlOf({ settings }: Io, { baseUrl }: Target): string | undefined {
  const base = baseUrl ?? settings.baseUrl;
  return base === undefined ? undefined : tokenUrlOf(base);
}

function printMade(io: Io, target: Target, { id, idp, secret }: MadeClient): void {
  const words = idpWords(idp).oauth;
  const { tokenUrlField = "Token URL", clientIdField = "Client ID", secretField = "Client secret" } = words ?? {};
  const fields: [string, string][] = [
    [tokenUrlField, urlOf(io, target) ?? "the base URL that npm start printed, with /oauth/token in place of /scim/v2"],
    [clientIdField, id],
    ...(secret === undefined ? [] : [[secretField, secret] satisfies [string, string]]),
  ];
  const width = 2 + Math.max(...fields.map(([name]) => name.length));
  for (const [name, value] of fields) line(io, `${name.padEnd(width)}${value}`);
  if (idp !== undefined && words === undefined) {
    const { title, page } = idpWords(idp);
    noteSentence(io, `${title} is not known to take an OAuth client for provisioning; see ${page}.`);
  }
  noteSentence(
    io,
    secret === undefined
      ? "It proves itself by assertions that are signed with its key (private_key_jwt)."
      : "The secret is shown this once and is stored only as a hash.",
  );
}

function row(one: ClientInfo, now: number): string[] {
  const { id, label, createdAt, lastUsedAt, revokedAt, rotation } = one;
  const ago = (at: number | undefined) => (at === undefined ? "never" : `${age(now - at)} ago`);
  const state =
    revokedAt !== undefined
      ? `revoked ${ago(revokedAt)}`
      : rotation === undefined
        ? "valid"
        : `rotated: older used ${ago(rotation.olderUsedAt)}, newer ${ago(rotation.newerUsedAt)}`;
  return [id, label, ago(createdAt), ago(lastUsedAt), proofText(one), state];
}

/** `a secret`, `two keys` */
function proofText({ proof, rotation }: ClientInfo): string {
  return rotation === undefined ? `a ${proof}` : `two ${proof}s`;
}
