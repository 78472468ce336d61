/**
 * Where a walk back through the activity goes on, as a text for an address: the moment, and behind what of that moment.
 *
 * Many changes may have one moment, and they stand under several keys, so each key has its own last one. Whatever is accepted
 * meanwhile is newer, or of that very moment: nothing is seen twice, and nothing left out that was there at the first page.
 *
 * @example
 * placeText(placeOf("1795651389000~5f0c….3~~Root=1-67")); // the same
 */
import { isPossibleId } from "../../provisioning/keys.ts";
import { OperationError } from "../operations.ts";

export interface ChangePlace {
  readonly id: string;
  readonly version: number;
}

export interface Place {
  /** Milliseconds since 1970; of this moment all that the rest does not say is still to come. */
  readonly at: number;
  readonly changes: readonly ChangePlace[];
  /** Of the last refusal of this moment. */
  readonly requestId?: string;
}

/** More than there are keys, or people of one e-mail address that are walked together. */
const changesMost = 20;

export function placeText({ at, changes, requestId }: Place): string {
  const parts = changes.map(({ id, version }) => `${id}.${version}`);
  return [String(at), ...parts, ...(requestId === undefined ? [] : [`~${requestId}`])].join("~");
}

/** Errors: OperationError. */
export function placeOf(text: string): Place {
  const [, at, rest = "", requestId] =
    /^(\d{1,13})((?:~[A-Za-z0-9-]+\.\d{1,10})*)(?:~~([\x21-\x7e]{1,200}))?$/.exec(text) ?? [];
  const changes = rest
    .split("~")
    .slice(1)
    .map((part) => ({ id: part.slice(0, part.indexOf(".")), version: Number(part.slice(part.indexOf(".") + 1)) }));
  if (at === undefined || changes.length > changesMost || !changes.every(({ id }) => isPossibleId(id))) {
    throw new OperationError(
      `"${text}" is no place in the activity: it goes on behind the one that the page before names as its next.`,
    );
  }
  return { at: Number(at), changes, ...(requestId !== undefined && { requestId }) };
}
