/** What a mapping would change: how many of each attribute, and some of them as they are now and as they would be. */
import type { AttributeDifference } from "../ops/mapping/differences.ts";
import type { Json } from "../scim/json.ts";
import { type Io, line } from "./io.ts";
import { printTable } from "./table.ts";

export function printDifferences(io: Io, attributes: readonly AttributeDifference[]): void {
  line(io);
  const numbers = ["get one", "lose it", "differ"];
  const rows = attributes.map(({ attribute, gets, loses, differs }) => {
    return [attribute, ...[gets, loses, differs].map((count) => count.toLocaleString("en"))];
  });
  printTable(io, ["attribute", ...numbers], rows, numbers);
  const examples = attributes.flatMap(({ attribute, examples }) => {
    return examples.map((example, n) => [
      n === 0 ? attribute : "",
      example.name ?? example.id,
      valueText(example.before),
      valueText(example.after),
    ]);
  });
  if (examples.length === 0) return;
  line(io);
  printTable(io, ["attribute", "for example", "now", "then"], examples);
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return "–";
  if (Array.isArray(value)) return value.length === 0 ? "(none)" : value.map(valueText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
