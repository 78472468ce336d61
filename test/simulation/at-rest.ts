/** What must hold when nobody calls any more and everything pending was applied. */
import type { Item } from "../../lib/provisioning/ports.ts";
import { rolesOfNames } from "../../lib/provisioning/role-table.ts";
import { equalJson, type JsonObject } from "../../lib/scim/json.ts";
import { fold } from "../../lib/scim/text.ts";
import { simulatedTenant } from "./tenant.ts";
import type { MemoryStore } from "./memory-table.ts";
import type { Oracle, SimState } from "./oracle.ts";

export function checkAtRest(oracle: Oracle, store: MemoryStore, options: { roles?: boolean } = {}): void {
  for (const requestId of oracle.acknowledged) {
    if (!oracle.accepted.has(requestId)) oracle.fail(`${requestId} was acknowledged and is in no log`);
  }
  for (const [id, { entries, states }] of oracle.histories) {
    const state = states.at(-1) ?? null;
    const type = states.some((s) => s?.kind === "group") ? "Group" : "User";
    checkHead(
      oracle,
      store.peek({ table: "scim", pk: `${type}#${id.slice(0, 1)}`, sk: id }),
      id,
      entries.length,
      state,
    );
    const entry = store.peek({ table: "directory", pk: `${type}#${id}`, sk: "Entry" });
    if (type === "User" && options.roles === true) checkRoles(oracle, entry, id, state);
    checkEntry(oracle, entry, id, state);
    if (type === "Group") checkMembers(oracle, store, id, state);
  }
  checkIndexes(oracle, store);
}

/** After everything was applied again, nobody who is there has an entry of an older mapping. */
export function checkMapping(oracle: Oracle, store: MemoryStore, hash: string): void {
  for (const [id, { states }] of oracle.histories) {
    if (states.at(-1)?.kind !== "user") continue;
    const entry = store.peek({ table: "directory", pk: `User#${id}`, sk: "Entry" });
    if (entry?.attributes["mappingHash"] !== hash) oracle.fail(`entry of ${id}: ${JSON.stringify(entry?.attributes)}`);
  }
}

function checkHead(oracle: Oracle, head: Item | undefined, id: string, version: number, state: SimState): void {
  const a = head?.attributes ?? {};
  if (a["version"] !== version || a["applied"] !== version)
    oracle.fail(`head of ${id}: ${JSON.stringify(a)}; ${version} changes were accepted`);
  if (a["waitKey"] !== undefined || a["cursor"] !== undefined)
    oracle.fail(`head of ${id} still waits: ${JSON.stringify(a)}`);
  if ((a["state"] === "live") !== (state !== null)) oracle.fail(`head of ${id} is ${String(a["state"])}`);
  if (state === null && a["resource"] !== undefined) oracle.fail(`the tombstone of ${id} holds a resource`);
}

function checkEntry(oracle: Oracle, entry: Item | undefined, id: string, state: SimState): void {
  const a = entry?.attributes ?? {};
  // A leaver whom the mapping could not carry was suspended with the last good profile.
  if (state?.kind === "user" && !state.active && keepsLastProfile(entry)) return;
  const { roles: _, ...profile } = JSON.parse(String(a["profile"] ?? "{}")) as JsonObject;
  const has: JsonObject = { state: String(a["state"]), ...profile };
  const active = state?.kind === "user" && !state.active ? "suspended" : "active";
  const wants: JsonObject =
    state === null
      ? { state: "removed" }
      : state.kind === "group"
        ? { state: active, displayName: state.displayName }
        : { state: active, login: state.userName, ...(state.title === undefined ? {} : { title: state.title }) };
  if (!equalJson(has, wants)) {
    oracle.fail(`entry of ${id} is ${JSON.stringify(has)}; the accepted changes fold to ${JSON.stringify(wants)}`);
  }
}

/** What the groups say that a live user is in, whatever else became of the user; none once removed. */
function checkRoles(oracle: Oracle, entry: Item | undefined, id: string, state: SimState): void {
  const profile = JSON.parse(String(entry?.attributes["profile"] ?? "{}")) as JsonObject;
  const names = [...oracle.histories.keys()].flatMap((group) => {
    const now = oracle.state(group);
    return now?.kind === "group" && now.members.includes(id) ? [now.displayName] : [];
  });
  const { mapping } = simulatedTenant(false, undefined, { roles: true });
  const wants = state === null ? undefined : rolesOfNames(mapping, names)["roles"];
  if (!equalJson(profile["roles"], wants)) {
    oracle.fail(
      `roles of ${id} are ${JSON.stringify(profile["roles"])}; the groups ${names.join(", ")} give ${JSON.stringify(wants)}`,
    );
  }
}

function keepsLastProfile(entry: Item | undefined): boolean {
  return (
    entry?.attributes["state"] === "suspended" && entry.attributes["mappingHash"] === simulatedTenant(true).mapping.hash
  );
}

function checkMembers(oracle: Oracle, store: MemoryStore, id: string, state: SimState): void {
  const members = new Set(state?.kind === "group" ? state.members : []);
  const stored = sortKeys(store, `Group#${id}`, "Member#");
  if (JSON.stringify(stored) !== JSON.stringify([...members].sort())) {
    oracle.fail(
      `Group ${id} has ${JSON.stringify(stored)}; the accepted changes fold to ${JSON.stringify([...members])}`,
    );
  }
  for (const member of members)
    if (oracle.state(member) === null) oracle.fail(`Group ${id} has ${member}, who is deleted, for ever`);
  const reverses = [...store.all("directory")]
    .filter((item) => item.sk === `Group#${id}`)
    .map((item) => item.pk.slice("User#".length));
  if (JSON.stringify(reverses.sort()) !== JSON.stringify(stored))
    oracle.fail(`reverses of ${id} are ${JSON.stringify(reverses)}`);
}

function sortKeys(store: MemoryStore, pk: string, prefix: string): string[] {
  const found = [...store.all("directory")].filter((item) => item.pk === pk && item.sk.startsWith(prefix));
  return found.map((item) => item.sk.slice(prefix.length)).sort();
}

/** Claims, lookups in both tables, counts and `Gone`: exactly what the live resources give. */
function checkIndexes(oracle: Oracle, store: MemoryStore): void {
  const has = new Set<string>();
  const counts = new Map<string, number>();
  for (const table of ["scim", "directory"] as const) {
    for (const { pk, sk, attributes } of store.all(table)) {
      if (pk.startsWith("Claim#")) has.add(`${pk} ${String(attributes["id"])}`);
      else if (pk.startsWith("Lookup#")) has.add(`${table} ${pk} ${sk}`);
      else if (pk.startsWith("Count#")) counts.set(`${pk} ${sk}`, Number(attributes["count"]));
      else if (pk === "Gone") oracle.fail(`${sk} is still left out of groups`);
    }
  }
  const wants = new Set<string>();
  const live = new Map<string, number>();
  for (const id of oracle.histories.keys()) {
    const entry = store.peek({ table: "directory", pk: `User#${id}`, sk: "Entry" });
    const login = keepsLastProfile(entry)
      ? (JSON.parse(String(entry?.attributes["profile"])) as { login: string }).login
      : undefined;
    for (const name of namesOf(oracle, id, live, login)) wants.add(name);
  }
  for (const name of wants) if (!has.has(name)) oracle.fail(`missing: ${name}`);
  for (const name of has) if (!wants.has(name)) oracle.fail(`leaked: ${name}`);
  for (const place of new Set([...counts.keys(), ...live.keys()])) {
    if ((counts.get(place) ?? 0) !== (live.get(place) ?? 0))
      oracle.fail(`${place} is ${counts.get(place)}, there are ${live.get(place)}`);
  }
}

function namesOf(oracle: Oracle, id: string, live: Map<string, number>, login: string | undefined): string[] {
  const state = oracle.state(id);
  if (state === null) return [];
  // A list passes over those that begin with the same two digits by their count (R45).
  const count = `Count#${state.kind === "user" ? "User" : "Group"} id#${id.slice(0, 2)}`;
  live.set(count, (live.get(count) ?? 0) + 1);
  if (state.kind === "group") {
    const name = fold(state.displayName);
    return [`Claim#Group.displayName#${name} ${id}`, `scim Lookup#Group.displayName#${name} ${id}`];
  }
  return [
    `Claim#User.userName#${fold(state.userName)} ${id}`,
    `directory Lookup#login#${fold(login ?? state.userName)} ${id}`,
    ...(state.externalId === undefined ? [] : [`scim Lookup#User.externalId#${state.externalId} ${id}`]),
  ];
}
