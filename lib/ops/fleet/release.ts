/** Releases in their order, as semantic versioning has it. */

/**
 * Below 0: `a` is older. Source: Semantic Versioning 2.0.0, item 11; of two pre-releases only the numbers and the text count.
 *
 * @example
 * releaseOrder("0.9.0", "0.10.0"); // -1
 */
export function releaseOrder(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [n, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[n] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  if (left.before === right.before) return 0;
  if (left.before === "") return 1;
  return right.before === "" || left.before < right.before ? -1 : 1;
}

function partsOf(version: string): { numbers: number[]; before: string } {
  const [core = "", ...before] = (version.split("+")[0] ?? "").split("-");
  const numbers = core.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return { numbers: [...numbers, 0, 0, 0].slice(0, 3), before: before.join("-") };
}
