/** `rollcall explain <who> --attributes`: said, mapped, had. */
import type { AttributeMap, MappedLine, Said } from "../../ops/person/attribute-map.ts";
import { shortPath, shortPathNote } from "../../ops/short-path.ts";
import type { Json } from "../../scim/json.ts";
import { type Io, line, styled } from "../io.ts";
import { paragraph } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { moment, printable } from "../words.ts";

export function printAttributes(io: Io, { said, attributes, notKept }: AttributeMap): void {
  title(io, "What was said");
  if (said.length === 0) line(io, "  nothing that is kept");
  else printTable(io, ["path", "value", "gives"], said.map(saidRow));
  title(io, "What the application has");
  if (attributes.length === 0) line(io, "  nothing");
  else printTable(io, ["attribute", "made from", "should be", "is", ""], attributes.map(attributeRow));
  const paths = [...said, ...attributes.flatMap(({ tried }) => tried)].map(({ path }) => path);
  if (paths.some((path) => shortPath(path) !== path)) line(io, styled(io, "dim", shortPathNote));
  if (notKept.length === 0) return;
  title(io, "Sent, and not kept: no schema has it");
  for (const { path, at, requestId } of notKept)
    paragraph(io, `${printable(path)}: ${moment(at)}, request ${printable(requestId)}`, { first: "  " });
}

function title(io: Io, text: string): void {
  line(io);
  line(io, styled(io, "bold", text));
}

function saidRow(said: Said): string[] {
  return [shortPath(said.path), textOf(said.value), goesTo(said)];
}

function goesTo({ gives, isRead, isState }: Said): string {
  if (gives.length > 0) return gives.join(", ");
  if (isState === true) return "the entry's state";
  return isRead ? "another was taken" : "mapped to nothing";
}

function attributeRow(made: MappedLine): string[] {
  const { attribute, expected, actual, state, problem } = made;
  const word = state === "equal" ? "" : state;
  return [
    attribute,
    madeFrom(made),
    textOf(expected),
    textOf(actual),
    problem === undefined ? word : `${word}: ${problem}`,
  ];
}

function madeFrom({ tried, source, steps = [], fromGroups }: MappedLine): string {
  if (fromGroups === true) return "the groups";
  const paths = tried.map(({ path, found }) => `${shortPath(path)} ${found ? "✓" : "✗"}`);
  const sources = [...paths, ...(source === "constant" ? ["constant"] : [])].join(", ");
  return [sources, ...steps].join(" → ");
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
