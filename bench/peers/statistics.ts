/** What a series of measurements comes to. */
import { median } from "../median.ts";

export interface Measured {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: number;
}

/** Errors: RangeError for no values. */
export function summed(values: readonly number[]): Measured {
  if (values.length === 0) throw new RangeError("nothing was measured");
  return { median: median(values), least: Math.min(...values), most: Math.max(...values), rounds: values.length };
}

/** How the cost goes with size: 0 is flat, 1 is in proportion, by the first and the last point. */
export function growth(points: readonly { readonly size: number; readonly cost: number }[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first.size === last.size) return undefined;
  return Math.log(last.cost / first.cost) / Math.log(last.size / first.size);
}
