/** What a page of a list may read, and what is said of an address that leads to none. */
import { OperationError } from "../operations.ts";

/** So many rows are looked at for one page: where few of them belong to it, it is short. */
export const readMost = 1_000;

export function notAPlace(after: string): OperationError {
  return new OperationError(
    `"${after}" is no place in this list: it goes on behind the one that the page before names as its next.`,
  );
}
