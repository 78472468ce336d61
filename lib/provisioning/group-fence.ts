/** The fence of a group's walk: whoever takes a step has read where the walk is, and nobody has moved it since. */
import { asRead } from "./as-read.ts";
import type { Head } from "./head.ts";
import type { Condition } from "./ports.ts";

export function fenceOf({ applied, to, cursor, nameCursor }: Head): Condition[] {
  return [
    { is: "equal", attribute: "applied", value: applied },
    asRead("to", to),
    asRead("cursor", cursor),
    asRead("nameCursor", nameCursor),
  ];
}

export function isSameFence(now: Head, head: Head): boolean {
  return (
    now.applied === head.applied &&
    now.to === head.to &&
    now.cursor === head.cursor &&
    now.nameCursor === head.nameCursor
  );
}
