/** docs/licences.md: whose code is deployed, whose is only installed, and under which licences. */
import { type Deployed, functionNames } from "./deployed.ts";
import { type LockedPackage, lockedPackages } from "./packages.ts";

/** They ask for a notice at most: code under them may stand in a closed program. SPDX identifiers. */
export const acceptedInProduction: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MIT-0",
  "Unlicense",
];

/** Tools are run and never passed on, so that copyleft by file does not reach what is ours. */
export const acceptedForTools: readonly string[] = [
  ...acceptedInProduction,
  "(MIT OR GPL-3.0-or-later)",
  "BlueOak-1.0.0",
  "MPL-2.0",
];

export function licencesPage(deployed: Deployed): string {
  const all = lockedPackages();
  const production = all.filter(({ isDevelopment }) => !isDevelopment);
  return `# Licences

Made by \`npm run licences\` from package-lock.json and from what esbuild puts into each function;
test/security/licences.test.ts fails when it is out of date, or when a licence is none that was accepted.

## Deployed, or installed with it

${production.length} packages are installed by \`npm ci --omit dev\`. Of those, ${production.filter(({ name }) => deployed.has(name)).length} have code in a function; nobody ever runs the others in
production: the bundles have files of ours in their place (lib/cdk/bundling.ts), or need nothing of them but types.
Accepted: ${acceptedInProduction.join(", ")}.

${table([["package", "version", "licence", "code in"], ...production.map((one) => [one.name, one.version, one.licence, codeIn(one, deployed)])])}

## Tools

For building, testing and deploying; none of them is passed on. They are under the licences above, but for these:

${byLicence(all.filter(({ isDevelopment, licence }) => isDevelopment && !acceptedInProduction.includes(licence)))}
`;
}

function codeIn({ name }: LockedPackage, deployed: Deployed): string {
  const sizes = deployed.get(name);
  return sizes === undefined ? "-" : functionNames.filter((name) => sizes[name] !== undefined).join(", ");
}

/** A paragraph for each licence. */
function byLicence(tools: readonly LockedPackage[]): string {
  return [...Map.groupBy(tools, ({ licence }) => licence)]
    .toSorted(([a], [b]) => a.localeCompare(b, "en"))
    .map(([licence, some]) => wrapped(`**${licence}**: ${[...new Set(some.map(({ name }) => name))].join(", ")}`))
    .join("\n\n");
}

function wrapped(paragraph: string): string {
  return paragraph.replaceAll(/(.{80,125}),? /g, (part) => `${part.trimEnd()}\n`);
}

/** Cells as wide as their column, as oxfmt writes tables. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
