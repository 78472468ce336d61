/**
 * Members of a group as a client names them.
 *
 * Source: RFC 7643 section 4.2. A member is its id; whatever else is sent beside it does not make another one (R108).
 */
import { ScimError } from "./error.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";

export interface MemberReference {
  readonly value: string;
  /** `User` or `Group`. Absent: the client did not say, or said something else; the id decides. */
  readonly type?: string;
}

/**
 * Reads a list of members, or one member; each once, the first mention of it.
 *
 * Errors: ScimError 400 `invalidValue` for a member without an id.
 *
 * @example
 * readMembers([{ value: "2819c223", display: "Ada" }], "members"); // [{ value: "2819c223" }]
 */
export function readMembers(sent: Json, path: string): MemberReference[] {
  const members = new Map<string, MemberReference>();
  const list: readonly Json[] = isList(sent) ? sent : [sent];
  for (const [n, element] of list.entries()) {
    if (element === null) continue;
    const member = readMember(element, `${path}[${n}]`);
    if (!members.has(member.value)) members.set(member.value, member);
  }
  return [...members.values()];
}

function readMember(element: Json, path: string): MemberReference {
  const { value, type } = isObject(element) ? named(element) : { value: element };
  if (typeof value !== "string" || value === "") {
    const detail = `"${path}" has no "value"; each member needs the id that this server gave to the user or group`;
    throw new ScimError(400, "invalidValue", detail);
  }
  const known = memberTypes.find((name) => typeof type === "string" && name.toLowerCase() === type.toLowerCase());
  return known === undefined ? { value } : { value, type: known };
}

const memberTypes = ["User", "Group"];

/** Entra writes `Value` in some of its forms (R19). */
function named(member: JsonObject): { value?: Json | undefined; type?: Json | undefined } {
  const find = (wanted: string) => Object.keys(member).find((name) => name.toLowerCase() === wanted);
  return { value: member[find("value") ?? "value"], type: member[find("type") ?? "type"] };
}
