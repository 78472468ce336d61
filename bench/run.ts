/**
 * `npm run bench [-- units|cpu|cold|explain|scim]`: what an accept and an apply cost; `explain`: what an operator's question costs; `scim`: filters
 * and PATCH beside other libraries.
 * Prints ratios against a baseline of the same run; the numbers of a day go into bench/RESULTS.md by hand, with machine and commit.
 */
import { coldStart } from "./cold-start.ts";
import { cpu } from "./cpu.ts";
import { explaining } from "./explain.ts";
import { scim } from "./scim.ts";
import { units } from "./units.ts";

const parts: Record<string, () => Promise<void>> = { units, cpu, cold: coldStart, explain: explaining, scim };
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`bench: there is no "${unknown}"; choose from ${Object.keys(parts).join(", ")}, or nothing for all`);
  process.exit(2);
}
for (const [name, part] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await part();
