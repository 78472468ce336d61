/** `rollcall explain <who>` and `rollcall explain group <name>` */
import { type Command, Option } from "commander";
import { callerText } from "../../ops/caller-text.ts";
import { explainGroup, explanationOf, type GroupExplanation } from "../../ops/explain/explain.ts";
import type { Action, EvidenceItem, Explanation, Step, VerdictCode } from "../../ops/explain/explanation.ts";
import { type Asked, readFacts } from "../../ops/explain/facts.ts";
import type { Members, SkippedMember } from "../../ops/explain/members.ts";
import { idpWords } from "../../ops/idp/idp.ts";
import { type AttributeMap, attributeMapOf } from "../../ops/person/attribute-map.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { printAttributes } from "./explain-attributes.ts";
import { counted, moment, printable, wholeNumber } from "../words.ts";

interface ExplainOptions extends CommonOptions, Asked {
  readonly evidence: number;
  readonly attributes?: boolean;
}

interface Explained extends GroupExplanation {
  readonly attributes?: AttributeMap;
}

export function addExplainCommand(program: Command, { io }: CommandContext): void {
  const explaining = common(
    program
      .command("explain <who>")
      .summary("why is this one not as I expect?")
      .description("why is this one not as I expect? The cause, the evidence, what to do"),
    "explain --tenant acme ada@example.com",
    "explain --local ada@example.com --attribute department",
    "explain --tenant acme ada@example.com --attributes",
    "explain --local bob@example.com --expect inactive --json",
    'explain group --local "Support 1-0"',
  )
    .option("--attribute <name>", "ask about one attribute of the profile")
    .option("--attributes", "all attributes: what was said, what the mapping does with it, what the application has")
    .addOption(new Option("--expect <state>", "what it should be").choices(["inactive"]))
    .option("--id <id>", "which one, when several have had the name; its beginning is enough")
    .option("--evidence <n>", "so many lines of evidence", wholeNumber(0, 1_000), evidenceUsual)
    .action(async (who: string, options: ExplainOptions) => {
      const { id, expect, attribute } = options;
      const asked = { ...(id && { id }), ...(expect && { expect }), ...(attribute && { attribute }) };
      await withTarget(options, io.settings, async ({ operations }) => {
        const facts = await readFacts(operations, who, asked);
        const attributes = options.attributes === true ? attributeMapOf(facts) : undefined;
        answer(io, options, { ...explanationOf(facts), ...(attributes && { attributes }) });
      });
    });
  common(
    explaining.command("group <name>").description("the same of a group: members sent, applied, left out and why"),
    'explain group --tenant acme "Support 1-0"',
  )
    .option("--id <id>", "which one, when several have had the name; its beginning is enough")
    .option("--evidence <n>", "so many lines of evidence", wholeNumber(0, 1_000), evidenceUsual)
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExplainOptions>();
      const { id } = options;
      await withTarget(options, io.settings, async ({ operations }) => {
        answer(io, options, await explainGroup(operations, name, { ...(id && { id }) }));
      });
    });
}

const evidenceUsual = 10;

function answer(io: Io, { json, evidence }: ExplainOptions, explained: Explained): void {
  if (json === true) return printJson(io, explained);
  print(io, explained, evidence);
}

function print(io: Io, explained: Explained, evidenceMost: number): void {
  const { verdict, steps, attributes, members, actions, evidence, subject } = explained;
  paragraph(io, styled(io, "bold", styled(io, colourOf(verdict.code), printable(verdict.summary))));
  paragraph(io, styled(io, "dim", printable(subjectText(explained))));
  title(io, "Steps");
  for (const step of steps) printStep(io, step);
  if (attributes !== undefined) printAttributes(io, attributes);
  if (members !== undefined) printMembers(io, members);
  if (actions.length > 0) title(io, "What to do");
  actions.forEach((action, n) => printAction(io, action, n + 1, idpWords(subject.idp).title));
  if (evidence.length > 0 && evidenceMost > 0) title(io, "Evidence, newest first");
  for (const item of evidence.slice(0, evidenceMost)) printEvidence(io, item);
  const left = evidence.length - evidenceMost;
  if (left > 0) line(io, styled(io, "dim", `  … and ${left} more, which --evidence ${evidence.length} shows`));
}

const calm: ReadonlySet<VerdictCode> = new Set(["in-sync"]);
const asMeant: ReadonlySet<VerdictCode> = new Set(["waiting", "deactivated", "soft-deleted", "deleted", "unknown"]);

function colourOf(code: VerdictCode): "green" | "yellow" | "red" {
  return calm.has(code) ? "green" : asMeant.has(code) ? "yellow" : "red";
}

function subjectText({ subject, verdict }: Explanation): string {
  const { type, id, foundBy, idp } = subject;
  const who = id === undefined ? "nothing of that name is stored" : `${type} ${id}, found by ${foundBy}`;
  return [verdict.code, who, ...(idp === undefined ? [] : [idpWords(idp).title])].join(" · ");
}

function title(io: Io, text: string): void {
  line(io);
  line(io, styled(io, "bold", text));
}

const marks = {
  success: ["ok", "green"],
  warning: ["warning", "yellow"],
  failure: ["FAILED", "red"],
  skipped: ["skipped", "dim"],
} as const satisfies Readonly<Record<Step["status"], readonly [string, Parameters<typeof styled>[1]]>>;

function printStep(io: Io, { name, status, reason, action }: Step): void {
  const [word, colour] = marks[status];
  const mark = `${styled(io, colour, word)}${" ".repeat(markWidth - word.length)}`;
  paragraph(io, printable(reason), { first: `  ${mark}${name.padEnd(nameWidth)}` });
  if (action === undefined) return;
  const indent = " ".repeat(2 + markWidth + nameWidth);
  paragraph(io, printable(action), { first: `${indent}→ `, rest: `${indent}  ` });
}

const markWidth = 9;
const nameWidth = 9;

function printMembers(io: Io, { sent, applied, isMore, toAdd, toRemove, coming, leaving, skipped }: Members): void {
  title(io, "Members");
  const least = isMore ? "at least " : "";
  const row = (name: string, text: string) => paragraph(io, printable(text), { first: `  ${name.padEnd(markWidth)}` });
  row("sent", `${least}${sent}`);
  row("applied", `${least}${applied}`);
  if (toAdd > 0) row("to come", `${toAdd}: ${someOf(coming, toAdd)}`);
  if (toRemove > 0) row("to leave", `${toRemove}: ${someOf(leaving, toRemove)}`);
  row("skipped", skipped.length === 0 ? "none, as far as the log goes back" : counted(skipped.length, "member"));
  for (const one of skipped.slice(0, skippedMost)) {
    const who = one.name === undefined ? one.id : `${one.name} (${one.id})`;
    paragraph(io, printable(`${who}: ${whySkipped[one.why]}; ${moment(one.at)}, request ${one.requestId}`), {
      first: `  ${" ".repeat(markWidth)}- `,
    });
  }
}

const skippedMost = 10;

const whySkipped: Readonly<Record<SkippedMember["why"], string>> = {
  unknown: "nobody of this id was ever here",
  deleted: "is deleted",
};

function someOf(some: Members["coming"], count: number): string {
  const names = some.map(({ id, name }) => name ?? id).join(", ");
  return count > some.length ? `${names} …` : names;
}

function printAction(io: Io, { who, text, command }: Action, n: number, idp: string): void {
  const where = { idp: `at ${idp}`, operator: "here", application: "in the application" }[who];
  paragraph(io, `${styled(io, "bold", where)}: ${printable(text)}`, { first: `  ${n}. ` });
  if (command !== undefined) line(io, `     $ ${printable(command)}`);
}

function printEvidence(io: Io, { at, what, requestId, tokenId, detail }: EvidenceItem): void {
  const indent = " ".repeat(6);
  paragraph(io, printable(what), { first: `  ${moment(at)}  ` });
  if (detail !== undefined) paragraph(io, printable(detail), { first: indent });
  const caller = callerText(tokenId ?? "");
  const by = [...(requestId === undefined ? [] : [`request ${requestId}`]), ...(caller === undefined ? [] : [caller])];
  if (by.length > 0) paragraph(io, styled(io, "dim", by.join(", ")), { first: indent });
}
