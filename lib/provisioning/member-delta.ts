/**
 * What a change does to a group's members: a delta, never the list (R83). Folding deltas is "the last word on a member
 * wins", which gives the same answer however often and from however early it is done. Reads and the worker rely on that.
 */
import type { Member } from "./state.ts";

export interface MemberDelta {
  /** Present: everybody else leaves. */
  readonly all?: readonly Member[];
  readonly add: readonly Member[];
  readonly remove: readonly string[];
}

export const noMembers: MemberDelta = { all: [], add: [], remove: [] };

export function isEmptyDelta(delta: MemberDelta): boolean {
  return delta.all === undefined && delta.add.length === 0 && delta.remove.length === 0;
}

export function deltaSize(delta: MemberDelta): number {
  return (delta.all?.length ?? 0) + delta.add.length + delta.remove.length;
}

/** Many deltas as one. */
export interface NetDelta {
  /** Members that are not named keep what they are, or leave when everybody else leaves. */
  readonly replacesAll: boolean;
  /** The last word on each member that is named: the member, or "leaves". */
  readonly named: ReadonlyMap<string, Member | "leaves">;
}

export function foldDeltas(deltas: Iterable<MemberDelta>): NetDelta {
  const named = new Map<string, Member | "leaves">();
  let replacesAll = false;
  for (const delta of deltas) {
    if (delta.all !== undefined) {
      replacesAll = true;
      named.clear();
      for (const member of delta.all) named.set(member.id, member);
    }
    for (const member of delta.add) named.set(member.id, member);
    for (const id of delta.remove) named.set(id, "leaves");
  }
  return { replacesAll, named };
}

/** Members as a reader sees them: those that were read, ascending by id, with later deltas folded over. */
export function overlay(members: readonly Member[], net: NetDelta): readonly Member[] {
  if (!net.replacesAll && net.named.size === 0) return members;
  const present = new Map<string, Member>();
  if (!net.replacesAll) for (const member of members) present.set(member.id, member);
  for (const [id, word] of net.named) {
    if (word === "leaves") present.delete(id);
    else present.set(id, word);
  }
  return [...present.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

// ---------------------------------------------------------------- as text, in a log item or in chunks

/** Ids with commas between; a group among the members is marked by a leading `*`. */
function join(members: readonly Member[]): string {
  return members.map((member) => (member.type === "Group" ? `*${member.id}` : member.id)).join(",");
}

function split(text: string): Member[] {
  if (text === "") return [];
  return text.split(",").map((id) => (id.startsWith("*") ? { id: id.slice(1), type: "Group" } : { id, type: "User" }));
}

/** One letter a part: `=` all, `+` add, `-` remove. */
export function encodeDelta(delta: MemberDelta): string {
  const parts: string[] = [];
  if (delta.all !== undefined) parts.push(`=${join(delta.all)}`);
  if (delta.add.length > 0) parts.push(`+${join(delta.add)}`);
  if (delta.remove.length > 0) parts.push(`-${delta.remove.join(",")}`);
  return parts.join(";");
}

export function decodeDelta(text: string): MemberDelta {
  const delta: { all?: Member[]; add: Member[]; remove: string[] } = { add: [], remove: [] };
  for (const part of text.split(";")) {
    const rest = part.slice(1);
    if (part.startsWith("=")) delta.all = split(rest);
    else if (part.startsWith("+")) delta.add = split(rest);
    else if (part.startsWith("-")) delta.remove = rest.split(",");
  }
  return delta;
}

/** A text in pieces of at most so many characters; ids and marks are ASCII, so characters are bytes. */
export function chunksOf(text: string, length: number): string[] {
  const chunks: string[] = [];
  for (let at = 0; at < text.length; at += length) chunks.push(text.slice(at, at + length));
  return chunks;
}
