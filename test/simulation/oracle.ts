/**
 * What SCIM means, with no storage: one pure function from state and operation to state, and the judge that holds a run to
 * it. A read must be some state between "visible when it began" and "decided when it ended".
 */
import type { MemberDelta } from "../../lib/provisioning/member-delta.ts";

export interface UserState {
  readonly kind: "user";
  readonly userName: string;
  readonly title?: string;
  readonly externalId?: string;
  readonly active: boolean;
}

export interface GroupState {
  readonly kind: "group";
  readonly displayName: string;
  readonly members: readonly string[];
}

export type SimState = UserState | GroupState | null;

export type Operation =
  | { readonly type: "createUser"; readonly userName: string; readonly title?: string }
  | { readonly type: "set"; readonly name: "title" | "externalId"; readonly value: string }
  | { readonly type: "rename"; readonly userName: string }
  | { readonly type: "replaceUser"; readonly userName: string; readonly title: string }
  | { readonly type: "deactivate" }
  | { readonly type: "createGroup"; readonly displayName: string; readonly members: readonly string[] }
  | { readonly type: "renameGroup"; readonly displayName: string }
  | { readonly type: "members"; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly type: "allMembers"; readonly members: readonly string[] }
  | { readonly type: "delete"; readonly of: "User" | "Group" };

export function specApply(state: SimState, operation: Operation): SimState {
  switch (operation.type) {
    case "createUser": {
      const { userName, title } = operation;
      return { kind: "user", userName, active: true, ...(title === undefined ? {} : { title }) };
    }
    case "createGroup":
      return { kind: "group", displayName: operation.displayName, members: sorted(operation.members) };
    case "delete":
      return null;
    default:
      break;
  }
  if (state?.kind === "user") {
    switch (operation.type) {
      case "set":
        return { ...state, [operation.name]: operation.value };
      case "rename":
        return { ...state, userName: operation.userName };
      case "replaceUser":
        return { ...state, userName: operation.userName, title: operation.title };
      case "deactivate":
        return { ...state, active: false };
      default:
        break;
    }
  }
  if (state?.kind === "group") {
    switch (operation.type) {
      case "renameGroup":
        return { ...state, displayName: operation.displayName };
      case "members": {
        const members = new Set([...state.members, ...operation.add]);
        for (const id of operation.remove) members.delete(id);
        return { ...state, members: sorted(members) };
      }
      case "allMembers":
        return { ...state, members: sorted(operation.members) };
      default:
        break;
    }
  }
  throw new Error(`${operation.type} on ${state?.kind ?? "nothing"}`);
}

const sorted = (ids: Iterable<string>): string[] => [...new Set(ids)].sort();

export const asText = (state: SimState | undefined): string =>
  JSON.stringify(state == null ? null : Object.fromEntries(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1))));

interface Entry {
  readonly requestId: string;
  committed: boolean;
}

interface History {
  readonly entries: Entry[];
  /** states[n] is the state at version n; states[0] is null. */
  readonly states: SimState[];
}

export class Oracle {
  readonly violations: string[] = [];
  readonly histories = new Map<string, History>();
  readonly operations = new Map<string, Operation>();
  readonly accepted = new Map<string, number>();
  readonly acknowledged = new Set<string>();
  private readonly names = new Map<string, string>();

  fail(what: string): void {
    this.violations.push(what);
  }

  history(id: string): History {
    let history = this.histories.get(id);
    if (history === undefined) this.histories.set(id, (history = { entries: [], states: [null] }));
    return history;
  }

  state(id: string): SimState {
    return this.history(id).states.at(-1) ?? null;
  }

  /** A change was decided: says when it is visible. */
  decided(id: string, version: number, requestId: string, delta: MemberDelta | undefined): () => void {
    const history = this.history(id);
    const own: Operation = { type: "members", add: [], remove: delta?.remove ?? [] };
    const operation = this.operations.get(requestId) ?? own;
    const before = history.states.at(-1) ?? null;
    if (version !== history.states.length)
      this.fail(`${id}: version ${version} was accepted after ${history.states.length - 1}`);
    if (before === null && !operation.type.startsWith("create"))
      this.fail(`${operation.type} was accepted on ${id}, which is not there`);
    const after = before === null && !operation.type.startsWith("create") ? null : specApply(before, operation);
    const entry: Entry = { requestId, committed: false };
    history.entries.push(entry);
    history.states.push(after);
    this.accepted.set(requestId, (this.accepted.get(requestId) ?? 0) + 1);
    if ((this.accepted.get(requestId) ?? 0) > 1) this.fail(`${requestId} ${operation.type} was accepted twice`);
    this.checkName(id, before, after);
    return () => {
      entry.committed = true;
    };
  }

  private checkName(id: string, before: SimState, after: SimState): void {
    const had = before?.kind === "user" ? before.userName : undefined;
    const has = after?.kind === "user" ? after.userName : undefined;
    if (had === has) return;
    if (had !== undefined && this.names.get(had) === id) this.names.delete(had);
    if (has === undefined) return;
    const holder = this.names.get(has);
    if (holder !== undefined) this.fail(`userName ${has} is live twice: ${holder} and ${id}`);
    this.names.set(has, id);
  }

  /** How many changes of `id` every reader must see from now on. */
  visible(id: string): number {
    return this.history(id).entries.findLastIndex((entry) => entry.committed) + 1;
  }

  /**
   * A read that began when `from` changes were visible and ended now. `version`: that of its ETag; absent where nothing was
   * there. `without`: deleted members that may be left out.
   */
  checkRead(
    id: string,
    { from, version }: { from: number; version: number | undefined },
    result: SimState,
    without: ReadonlySet<string>,
  ): void {
    const { states } = this.history(id);
    const allowed =
      version === undefined ? states.slice(from) : version < from ? [] : states.slice(version, version + 1);
    if (allowed.some((state) => isState(result, state, without))) return;
    const given = `read of ${id} gave ${asText(result)} as version ${version ?? "-"}`;
    this.fail(`${given}; allowed from ${from}: ${states.slice(from).map(asText).join(" or ")}`);
  }
}

function isState(result: SimState, state: SimState, without: ReadonlySet<string>): boolean {
  if (result?.kind !== "group" || state?.kind !== "group") return asText(result) === asText(state);
  const seen = new Set(result.members);
  return (
    result.displayName === state.displayName &&
    result.members.every((id) => state.members.includes(id)) &&
    state.members.every((id) => seen.has(id) || without.has(id))
  );
}
