/** `rollcall connect <idp>` */
import type { Command } from "commander";
import { commandFor } from "../../ops/command.ts";
import { answersAt } from "../../ops/connect/answers.ts";
import { connectionPlan, type ConnectionPlan, type MappingRow, type OAuthPlan } from "../../ops/connect/plan.ts";
import { type ConnectEvent, watchConnection } from "../../ops/connect/watch.ts";
import { turnedAwayText, whatIsSeen } from "../../ops/connect/words.ts";
import { idpNames, idpWords } from "../../ops/idp/idp.ts";
import type { Operations } from "../../ops/operations.ts";
import { createToken } from "../../ops/tokens.ts";
import { type First, firsts } from "../../provisioning/contact.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson, printJsonLine } from "../json.ts";
import { noteSentence, paragraph } from "../paragraph.ts";
import { shortPath, shortPathNote } from "../../ops/short-path.ts";
import { printTable } from "../table.ts";
import { type Target, withTarget } from "../target.ts";
import { upperFirst } from "../../ops/words.ts";
import { moment, printable, wholeNumber } from "../words.ts";

interface ConnectOptions extends CommonOptions {
  readonly tokenLabel?: string;
  readonly expiresDays?: number;
  readonly tokenId?: string;
  readonly watch?: boolean;
}

/** Whoever is none of them. */
const other = "other";

export function addConnectCommand(program: Command, { io }: CommandContext): void {
  common(
    program
      .command("connect <idp>")
      .summary("what to paste where, then watch it come to life")
      .description(
        `what to paste where (${[...idpNames, other].join(", ")}): base URL, a fresh token, the mapping, the switches that are forgotten; then watches the first requests come in`,
      ),
    "connect entra --tenant acme",
    "connect okta --tenant acme --no-watch",
    "connect okta --local --token-id k3v9x0q2ab",
  )
    .option("--token-label <text>", "what the token is called; the identity provider's name by default")
    .option("--expires-days <n>", "the token ends by itself after so many days", wholeNumber(1, 3_650))
    .option("--token-id <id>", "make no token: go on watching this one")
    .option("--watch", "watch; with --json one line of data for each thing that is seen")
    .option("--no-watch", "only print what to fill in")
    .action(async (named: string, options: ConnectOptions) => {
      const idp = idpNamed(named);
      if (options.tokenId !== undefined && options.watch === false)
        throw new UsageError("--token-id goes on watching, and --no-watch does not: leave one of them out.");
      await withTarget(options, io.settings, async (target) => {
        const { operations } = target;
        const since = operations.clock.now();
        const plan = connectionPlan(operations.tenant, idp, baseUrlOf(io, target));
        const token = options.tokenId === undefined ? await freshToken(operations, plan, options) : undefined;
        const watches = options.watch ?? options.json !== true;
        const tokenId = options.tokenId ?? token?.id ?? "";
        if (options.json === true) {
          if (watches) printJsonLine(io, { event: "plan", ...plan, token });
          else printJson(io, { ...plan, token });
        } else if (options.tokenId === undefined) {
          printPlan(io, plan, token?.token ?? "", operations);
        }
        if (watches && options.local === true) await noteIfSilent(io);
        if (watches) await watch(io, operations, { idp, tokenId, since, options });
      });
    });
}

/** Errors: UsageError, which names those there are. */
function idpNamed(name: string): string {
  const idp = name.toLowerCase();
  if (idp === other || idpNames.includes(idp)) return idp;
  throw new UsageError(
    `"${name}" is not known; expected ${idpNames.join(", ")}, or ${other} for any that is none of them.`,
  );
}

function baseUrlOf({ settings }: Io, { baseUrl }: Target): string {
  return baseUrl ?? settings.baseUrl ?? "the base URL that npm start printed";
}

async function freshToken(o: Operations, { idp, title }: ConnectionPlan, options: ConnectOptions) {
  const { tokenLabel, expiresDays } = options;
  return await createToken(o, {
    label: tokenLabel ?? (idpNames.includes(idp) ? title : "identity provider"),
    ...(expiresDays === undefined ? {} : { expiresInDays: expiresDays }),
    ...(idpNames.includes(idp) ? { idp } : {}),
  });
}

// ---------------------------------------------------------------- what to fill in

function printPlan(io: Io, plan: ConnectionPlan, token: string, target: Operations): void {
  const local = target.deployment === undefined;
  line(io, styled(io, "bold", `Connect ${plan.title}`));
  paragraph(io, plan.place);
  section(io, "1. Paste");
  const width = 2 + Math.max(...[plan.baseUrl.field, plan.tokenField].map(({ length }) => Math.min(length, 24)));
  pasted(io, plan.baseUrl.field, plan.baseUrl.value, width);
  pasted(io, plan.tokenField, token, width);
  paragraph(
    io,
    styled(
      io,
      "dim",
      "The token is shown this once, and goes there without the word Bearer unless the field asks for it.",
    ),
    { first: "  " },
  );
  if (local)
    paragraph(
      io,
      styled(
        io,
        "dim",
        "This address is npm start on your own machine: an identity provider on the internet cannot reach it.",
      ),
      { first: "  " },
    );
  for (const text of plan.otherFields) item(io, "-", text);
  if (plan.oauth !== undefined) printOAuth(io, plan.oauth, plan.tokenField, target);
  section(io, "2. Map");
  paragraph(io, `Matching: ${plan.matching}.`, { first: "  " });
  printMapping(io, plan);
  section(io, "3. Switch on");
  for (const text of [plan.testConnection, plan.switchOn, plan.deprovisioning, plan.groups, plan.assign])
    item(io, "-", upperFirst(text));
  section(io, "Usually forgotten");
  for (const text of plan.forgotten) item(io, "!", text);
  line(io);
  paragraph(io, styled(io, "dim", `Rhythm: ${plan.rhythm}. More: ${plan.page}`));
}

/** The way without a token that stays. */
function printOAuth(
  io: Io,
  { choice, tokenUrl, clientIdField, secretField, command }: OAuthPlan,
  tokenField: string,
  o: Operations,
): void {
  line(io);
  paragraph(io, `Or, in place of ${tokenField}, an OAuth client:`, { first: "  " });
  item(io, "-", choice);
  const width = 2 + Math.max(...[tokenUrl.field, clientIdField, secretField].map(({ length }) => length));
  pasted(io, tokenUrl.field, tokenUrl.value, width);
  pasted(io, clientIdField, "its id, and", width);
  pasted(io, secretField, "its secret, which are printed once by", width);
  line(io, `  ${" ".repeat(width)}${commandFor(o, command)}`);
}

function section(io: Io, title: string): void {
  line(io);
  line(io, styled(io, "bold", title));
}

function item(io: Io, mark: string, text: string): void {
  paragraph(io, text, { first: `  ${mark} ` });
}

/** On a line of its own where the field's name is long, and never wrapped: it is to be copied. */
function pasted(io: Io, field: string, value: string, width: number): void {
  if (field.length <= width) return line(io, `  ${field.padEnd(width)}${styled(io, "bold", value)}`);
  line(io, `  ${field}`);
  line(io, `  ${" ".repeat(width)}${styled(io, "bold", value)}`);
}

function printMapping(io: Io, { mapping, roles, title }: ConnectionPlan): void {
  const rows = mapping.map((row) => [
    `${row.attribute ?? "-"}${row.required === undefined ? "" : ` ${requiredMarks[row.required]}`}`,
    row.send.map(shortPath).join(" + "),
    row.source ?? "",
  ]);
  const hasSources = mapping.some(({ source }) => source !== undefined);
  const head = ["profile", "SCIM attribute to send", ...(hasSources ? ["usually from"] : [])];
  printTable(
    io,
    head,
    rows.map((row) => row.slice(0, head.length)),
  );
  const notes = [
    ...requiredNotes(mapping),
    ...mapping.flatMap(({ send, why }) => (why === undefined ? [] : `${send.join()}: ${why}.`)),
    ...mapping.flatMap(({ attribute = "", orElse }) => {
      return orElse.length === 0 ? [] : `${attribute}: ${orElse.map(shortPath).join(" or ")} will do as well.`;
    }),
    ...roles.map(({ attribute, groups }) => `${attribute}: made from the groups ${groups.join(", ")}; send these.`),
    ...(rows.some((row) => row[1]?.startsWith("…")) ? [shortPathNote] : []),
    ...(hasSources ? [] : [`${upperFirst(title)} has no usual places that are known here.`]),
  ];
  for (const text of notes) paragraph(io, styled(io, "dim", printable(text)), { first: "  " });
}

const requiredMarks = { refused: "*", parked: "+" } as const;

function requiredNotes(mapping: readonly MappingRow[]): string[] {
  const ways = new Set(mapping.flatMap(({ required }) => required ?? []));
  return [
    ...(ways.has("refused") ? ["* required: whoever has none is refused, with the reason in the answer."] : []),
    ...(ways.has("parked") ? ["+ required: whoever has none is accepted, and parked until it comes."] : []),
  ];
}

// ---------------------------------------------------------------- what is seen

/** Embedded data alone answer no request: without npm start there would be nothing to see, for ever. */
async function noteIfSilent(io: Io): Promise<void> {
  const { baseUrl } = io.settings;
  if (baseUrl === undefined || (await answersAt(baseUrl))) return;
  const text = `Nothing answers at ${baseUrl}, so nothing will be seen: start it in another terminal with \`npm start\` (HOST and PORT as here).`;
  note(io, "");
  noteSentence(io, styled(io, "yellow", text));
}

interface Watching {
  readonly idp: string;
  readonly tokenId: string;
  readonly since: number;
  readonly options: ConnectOptions;
}

async function watch(io: Io, o: Operations, { idp, tokenId, since, options }: Watching): Promise<void> {
  const again = `npx rollcall connect ${idp} --token-id ${tokenId} ${options.local === true ? "--local" : `--tenant ${o.tenant.name}`}`;
  const waiting = new Set<First>(firsts);
  if (options.json !== true) {
    line(io);
    line(io, styled(io, "bold", "Watching"));
    note(io, "  Ctrl-C ends this and nothing else; to go on watching:");
    note(io, `  ${again}`);
  }
  for await (const event of watchConnection(o, tokenId, { since, signal: io.interruption() })) {
    if (options.json === true) {
      printJsonLine(io, event);
      continue;
    }
    if (event.event === "seen") waiting.delete(event.first);
    printEvent(io, event, idp);
  }
  if (options.json === true || waiting.size === 0) return;
  paragraph(io, `Not seen yet: ${[...waiting].map((first) => whatIsSeen[first]).join(", ")}.`, { first: "  " });
}

function printEvent(io: Io, event: ConnectEvent, idp: string): void {
  const at = moment(event.at);
  const indent = " ".repeat(4 + at.length + 2);
  switch (event.event) {
    case "seen":
      return line(io, `  ${styled(io, "green", "✓")} ${at}  ${whatIsSeen[event.first]}`);
    case "complete":
      return line(io, styled(io, "green", "  All of it has been seen: the connection works."));
    case "turnedAway":
      return paragraph(io, turnedAwayText(event), {
        first: `  ${styled(io, "red", "✗")} ${at}  `,
        rest: indent,
      });
    case "refused":
    case "fault": {
      const who = event.name === undefined ? "" : ` for ${event.name}`;
      paragraph(io, printable(`${event.status} ${event.operation}${who}: ${event.detail}`), {
        first: `  ${styled(io, "red", "✗")} ${at}  `,
        rest: indent,
      });
      const cure =
        event.event === "fault"
          ? `The log of the api function has the stack under request ${event.requestId}.`
          : cureOf(idp);
      paragraph(io, cure, { first: `${indent}→ `, rest: `${indent}  ` });
    }
  }
}

function cureOf(idp: string): string {
  return `When that is mended: ${idpWords(idp).forceOneUser}.`;
}
