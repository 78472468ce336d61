/** The bundle as one Markdown page: readable as it is, and in any ticket. */
import type { Json } from "../../scim/json.ts";
import type { Check } from "../doctor/check.ts";
import { moment } from "../words.ts";
import type { AttributeLine } from "./attributes.ts";
import type { BundleToken, ErrorText, SupportBundle, Versions } from "./bundle.ts";

export function asMarkdown(bundle: SupportBundle): string {
  const { tenant, at, masked, subject, verdict, steps, idp, attributes, errors, timeline, versions, health } = bundle;
  const who = subject.id === undefined ? "nothing of that name is stored" : `${subject.type ?? ""} ${subject.id}`;
  const sections = [
    "# Rollcall support bundle",
    `Tenant ${code(tenant)}, ${moment(at)}. About ${code(subject.name ?? subject.word)}: ${who}.`,
    masked
      ? "Values are masked: equal ones look equal, different ones with the same beginning have a number."
      : "**Values are not masked.** This page holds personal data.",
    "## Verdict",
    `**${verdict.code}**: ${prose(verdict.summary)}`,
    table(
      ["step", "status", "reason"],
      steps.map(({ name, status, reason }) => [name, status, reason]),
    ),
    "## Identity provider",
    `${idp.title}. To be added from its side: ${idp.evidence}.`,
    table(["token", "label", "made", "last used", "ended"], idp.tokens.map(tokenRow)),
    "## Expected against actual",
    ...expectedAgainstActual(bundle, attributes),
    "## Error texts",
    errors.length === 0
      ? "None, as long as evidence is kept."
      : table(["last", "times", "status", "text", "request"], errors.map(errorRow)),
    "## Time line",
    table(
      ["time", "what", "detail", "request", "token"],
      timeline.map((item) => [moment(item.at), item.what, item.detail, item.requestId, item.tokenId]),
    ),
    "## Versions",
    table(["what", "version"], versionRows(versions)),
    "## Health",
    health.length === 0
      ? "Every check of `rollcall doctor` is well."
      : table(["check", "state", "found"], health.map(checkRow)),
    "## Configuration",
    fenced(bundle.configuration),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function expectedAgainstActual({ resource, entry, failure }: SupportBundle, lines: readonly AttributeLine[]): string[] {
  return [
    failure === undefined
      ? ""
      : `Not applied: **${failure.code}**, tried ${failure.attempts} times, last ${moment(failure.at)}: ${prose(failure.message)}`,
    lines.length === 0
      ? "Nothing is mapped: nobody of that name is stored, or it is no user, or deleted."
      : table(["attribute", "tried", "expected", "actual", ""], lines.map(attributeRow)),
    resource === undefined ? "" : `What the identity provider said:\n\n${fenced(resource)}`,
    entry === undefined
      ? "The application reads nothing: there is no entry."
      : `What the application reads (${entry.state}, version ${entry.version}, ${moment(entry.appliedAt)}):\n\n${fenced(entry.profile)}`,
  ];
}

function attributeRow({ attribute, tried, steps = [], expected, actual, state, problem }: AttributeLine): Cell[] {
  const paths = tried.map(({ path, found }) => `${path} ${found ? "✓" : "✗"}`).join(", ");
  const done = steps.length === 0 ? "" : `, then ${steps.join(", ")}`;
  const word = state === "equal" ? "" : state;
  return [
    attribute,
    `${paths}${done}`,
    shown(expected),
    shown(actual),
    problem === undefined ? word : `${word}: ${problem}`,
  ];
}

function shown(value: Json | undefined): string | undefined {
  return typeof value === "string" || value === undefined ? value : JSON.stringify(value);
}

function tokenRow({ id, label, createdAt, lastUsedAt, expiresAt, revokedAt }: BundleToken): Cell[] {
  const end = revokedAt ?? expiresAt;
  return [id, label, moment(createdAt), lastUsedAt && moment(lastUsedAt), end && moment(end)];
}

function errorRow({ at, times, status, text, requestId }: ErrorText): Cell[] {
  return [moment(at), String(times), status === undefined ? undefined : String(status), text, requestId];
}

function versionRows({ rollcall, node, tenantFile, deployedTenantFile, mapping, entryMapping }: Versions): Cell[][] {
  return [
    ["Rollcall", rollcall],
    ["Node of the command", node],
    ["tenant file here", tenantFile],
    ["tenant file deployed", deployedTenantFile ?? "embedded, or not told"],
    ["mapping of the tenant file", mapping],
    ["mapping that made the entry", entryMapping ?? "no entry"],
  ];
}

function checkRow({ name, state, summary, details = [] }: Check): Cell[] {
  return [name, state, [summary, ...details].join(" · ")];
}

// ---------------------------------------------------------------- Markdown

type Cell = string | number | undefined;

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map((cell) => prose(String(cell ?? ""))).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What others wrote must not become structure, nor reach a terminal that shows the page. */
function prose(text: string): string {
  return plain(text)
    .replaceAll(/[\\`*_[\]<>|]/g, "\\$&")
    .replaceAll(/\s+/g, " ");
}

function code(text: string): string {
  const inner = plain(text).replaceAll(/\s+/g, " ");
  const ticks = "`".repeat(1 + Math.max(0, ...[...inner.matchAll(/`+/g)].map(([run]) => run.length)));
  return ticks.length === 1 ? `\`${inner}\`` : `${ticks} ${inner} ${ticks}`;
}

/** JSON has its own escapes for control characters; three backticks in a value would end the block. */
function fenced(value: Json): string {
  const text = JSON.stringify(value, undefined, 2);
  const fence = "`".repeat(Math.max(3, 1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))));
  return `${fence}json\n${text}\n${fence}`;
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}--[\n\t]]/gv, "\uFFFD");
}
