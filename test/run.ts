/** `npm test`: the ordinary tests. Arguments go to vitest: `npm test -- test/scim`. */
import { runVitest } from "./report.ts";

try {
  const { ok } = await runVitest(process.argv.slice(2));
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
