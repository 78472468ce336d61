/** What both tables are to hold once everything is applied, said from what was accepted, item by item. */
import type { DatabaseSync } from "node:sqlite";
import type { JsonObject } from "../../lib/scim/json.ts";
import type { Known, SoakUser } from "./known.ts";

/** The items that differ: what was expected and what is there. */
export function compareWithKnown(db: DatabaseSync, known: Known): string[] {
  const wanted = new Map<string, string>();
  const want = (pk: string, sk: string, what: object = {}) => wanted.set(`${pk}|${sk}`, JSON.stringify(what));
  for (const user of known.users.values()) wantUser(want, user);
  for (const { id, displayName } of known.groups.values()) {
    want(`Group#${id}`, "Entry", { state: "active", profile: { displayName } });
    want(`Claim#Group.displayName#${displayName}`, "-", { id });
    want(`Lookup#Group.displayName#${displayName}`, id);
    for (const member of known.membersOf(id)) {
      want(`Group#${id}`, `Member#${member}`, { type: "User" });
      want(`User#${member}`, `Group#${id}`);
    }
  }
  for (const { type, id } of known.deleted) want(`${type}#${id}`, "Entry", { state: "removed", profile: {} });
  const found = new Map(
    rows(db).map(({ pk, sk, attributes }) => [`${pk}|${sk}`, JSON.stringify(shown(pk, sk, attributes))]),
  );
  return [
    ...[...wanted].flatMap(([key, what]) =>
      found.get(key) === what ? [] : [`${key}: expected ${what}, found ${found.get(key) ?? "nothing"}`],
    ),
    ...[...found].flatMap(([key, what]) => (wanted.has(key) ? [] : [`${key}: expected nothing, found ${what}`])),
    ...countDifferences(db, { User: known.users.size, Group: known.groups.size }),
    ...headDifferences(db, known),
  ];
}

type Want = (pk: string, sk: string, what?: object) => void;

function wantUser(want: Want, { id, userName, externalId, email, active, title, department }: SoakUser): void {
  const profile = sorted({ login: userName, email, title, department });
  want(`User#${id}`, "Entry", { state: active ? "active" : "suspended", profile });
  want(`Lookup#login#${userName}`, id, { type: "User" });
  want(`Lookup#email#${email}`, id, { type: "User" });
  want(`Claim#User.userName#${userName}`, "-", { id });
  want(`Lookup#User.externalId#${externalId}`, id);
  want(`Lookup#User.emails.value#${email}`, id);
}

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly attributes: JsonObject;
}

/** The Directory whole, and of the Scim table what a resource is found by; `Gone` is to be empty. */
function rows(db: DatabaseSync): Row[] {
  return read(
    db,
    `SELECT pk, sk, attributes FROM item WHERE tbl = 'directory'
       OR tbl = 'scim' AND (pk LIKE 'Claim#%' OR pk LIKE 'Lookup#%' OR pk = 'Gone')`,
  );
}

function read(db: DatabaseSync, sql: string): Row[] {
  return db
    .prepare(sql)
    .all()
    .map((row) => ({
      pk: String(row["pk"]),
      sk: String(row["sk"]),
      attributes: JSON.parse(String(row["attributes"])) as JsonObject,
    }));
}

/** Without versions and times, which nobody outside knows. */
function shown(pk: string, sk: string, attributes: JsonObject): object {
  if (sk === "Entry") {
    return {
      state: attributes["state"],
      profile: sorted(JSON.parse(textOf(attributes, "profile") ?? "{}") as JsonObject),
    };
  }
  return pk.startsWith("Claim#") ? { id: attributes["id"] } : attributes;
}

function textOf(attributes: JsonObject, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === "string" ? value : undefined;
}

function sorted(object: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function countDifferences(db: DatabaseSync, counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).flatMap(([type, count]) => {
    const items = read(db, `SELECT pk, sk, attributes FROM item WHERE tbl = 'scim' AND pk = 'Count#${type}'`);
    const sum = items.reduce((total, { attributes }) => total + Number(attributes["count"]), 0);
    return sum === count ? [] : [`Count#${type} is ${sum}, there are ${count}`];
  });
}

function headDifferences(db: DatabaseSync, known: Known): string[] {
  const live = new Set([...known.users.keys(), ...known.groups.keys()]);
  const heads = read(
    db,
    "SELECT pk, sk, attributes FROM item WHERE tbl = 'scim' AND (pk GLOB 'User#?' OR pk GLOB 'Group#?')",
  );
  return heads.flatMap(({ pk, sk, attributes: a }) => {
    if (a["applied"] !== a["version"] || a["waitKey"] !== undefined) return [`${pk} ${sk} still waits`];
    return (a["state"] === "live") === live.has(sk) ? [] : [`${pk} ${sk} is ${textOf(a, "state")}`];
  });
}
