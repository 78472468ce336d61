/** Axes with numbers that one can read: one digit, with noughts behind. */

/** The least such number that is not below `most`; counts are whole, so at least 1. */
export function roundTop(most: number): number {
  if (most <= 1) return 1;
  const unit = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * unit >= most) ?? 10;
  return factor * unit;
}

/** From the top down, and 0 last: with the half where that is whole. */
export function ticksTo(top: number): number[] {
  return top % 2 === 0 ? [top, top / 2, 0] : [top, 0];
}

/** `950`, `1.5k`, `20k`, `3M`: at most five characters. */
export function shortNumber(count: number): string {
  if (count < 1_000) return String(count);
  const [divisor, unit] = count < 999_500 ? [1_000, "k"] : count < 999_500_000 ? [1_000_000, "M"] : [1e9, "G"];
  const number = count / divisor;
  return `${number < 10 ? Math.round(number * 10) / 10 : Math.round(number)}${unit}`;
}
