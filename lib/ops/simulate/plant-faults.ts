/**
 * Seven things that go wrong between an identity provider and an application, played as they happen, for an operator to
 * practise on and for a demonstration. docs/operating.md finds all of them.
 */
import { putToken } from "../../provisioning/token.ts";
import { hashToken, newToken } from "../../token.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { Operations } from "../operations.ts";
import type { Person } from "./company.ts";
import { entra } from "./entra.ts";
import { scimClient, type ScimClient } from "./scim-client.ts";
import { newTally } from "./tally.ts";
import { enterpriseUrn, patchBody } from "./user-resource.ts";

/** What somebody calls the operator about, and what is behind it. */
export interface PlantedFault {
  /** Absent: it is about nobody in particular. */
  readonly who?: string;
  readonly complaint: string;
  readonly cause: FaultCause;
}

export type FaultCause =
  | "expired-token"
  | "unassigned"
  | "missing-email"
  | "wrong-department-mapping"
  | "merely-disabled"
  | "broken-table"
  | "soft-deleted-and-rehired";

/** A row of what the identity provider itself believes, as its export would have it. */
export interface Assignment {
  readonly userName: string;
  readonly externalId: string;
  readonly displayName: string;
  readonly enabled: boolean;
}

export interface PlantOptions {
  readonly baseUrl: string;
  /** Of the identity provider that provisions everybody else. */
  readonly token: string;
  readonly operations: Operations;
  readonly fetch?: typeof fetch;
}

export interface Planted {
  readonly faults: readonly PlantedFault[];
  /** Of the people who were planted and are assigned. */
  readonly assignments: readonly Assignment[];
}

const day = 86_400_000;
/** As deployed somewhere once, and forgotten. */
const staging = "staging";

const [ann, ben, carla, dan, elif, farid] = [
  person(0, "Ann", "Novak", "Sales"),
  person(1, "Ben", "Ito", "Support"),
  person(2, "Carla", "Rossi", "Research"),
  person(3, "Dan", "Weber", "Finance"),
  person(4, "Elif", "Kaya", "Legal"),
  person(5, "Farid", "Petrov", "Operations"),
] as const;

/** Entra's requests, whatever dialect the others came in: these faults are told in its words. Errors: TableError. */
export async function plantFaults(options: PlantOptions): Promise<Planted> {
  await callWithExpiredToken(options);
  const idp = clientOf(options, options.token);
  await create(idp, ben, without(bodyOf(ben), "emails"));
  await create(idp, carla, { ...without(bodyOf(carla), enterpriseUrn), [scim1Urn]: { department: carla.department } });
  await create(idp, dan, bodyOf(dan));
  await create(idp, elif, bodyOf(elif));
  await softDeleteAndRehire(idp);
  return {
    faults: [
      fault("unassigned", ann, "started on Monday and cannot sign in"),
      fault("missing-email", ben, "cannot sign in either"),
      fault("wrong-department-mapping", carla, "has no department in the application"),
      fault("merely-disabled", dan, "left last week and can still sign in"),
      fault("broken-table", elif, "was to be there an hour ago"),
      fault("soft-deleted-and-rehired", farid, "came back, and has lost all that was theirs"),
      { cause: "expired-token", complaint: "Somebody says that staging does not synchronise any more" },
    ],
    // Dan's account is switched off; that he left was never said to us. Ann is assigned to nothing.
    assignments: [ben, carla, { ...dan, leaves: true }, elif, { ...farid, externalId: rehiredId }].map(assignmentOf),
  };
}

export function assignmentOf({ userName, externalId, givenName, familyName, leaves }: Person): Assignment {
  return { userName, externalId, displayName: `${givenName} ${familyName}`, enabled: !leaves };
}

const scim1Urn = "urn:scim:schemas:extension:enterprise:1.0";
const rehiredId = "practice-farid-again";

function fault(cause: FaultCause, { userName, givenName, familyName }: Person, what: string): PlantedFault {
  return { cause, who: userName, complaint: `${givenName} ${familyName} ${what}` };
}

/** A name of its own, so that the people of a company are never one of these. */
function person(n: number, givenName: string, familyName: string, department: string): Person {
  const userName = `${givenName}.${familyName}@example.com`.toLowerCase();
  const externalId = `practice-${givenName.toLowerCase()}`;
  return { n, userName, externalId, givenName, familyName, title: "Analyst", department, leaves: false };
}

async function callWithExpiredToken(options: PlantOptions): Promise<void> {
  const { table, clock } = options.operations;
  const token = newToken(staging);
  const [createdAt, expiresAt] = [clock.now() - 91 * day, clock.now() - day];
  await putToken(table, { id: token.id, hash: hashToken(token.text), label: "Entra staging", createdAt, expiresAt });
  await clientOf(options, token.text).send({ ...entra.searchUser(ann), alsoFine: [401] });
}

/** In the bin of Entra the name is freed; whoever is hired again gets a new object, and so a new user. */
async function softDeleteAndRehire(idp: ScimClient): Promise<void> {
  const id = await create(idp, farid, bodyOf(farid));
  if (id === undefined) return;
  const inTheBin = `6f1bd3c0a3a44d0f9a0f0e9f1c2d3e4f${farid.userName}`;
  const operations = [
    { op: "Replace", path: "active", value: "False" },
    { op: "Replace", path: "userName", value: inTheBin },
  ];
  await idp.send({ ...entra.deactivate(id, farid), body: patchBody(operations) });
  await create(idp, farid, { ...bodyOf(farid), externalId: rehiredId });
}

/** The id; undefined when it was refused. Twice is once: a second run finds who is there. */
async function create(idp: ScimClient, one: Person, body: JsonObject): Promise<string | undefined> {
  await idp.send(entra.searchUser(one));
  const answer = await idp.send({ ...entra.createUser(one), body, alsoFine: [400, 409] });
  const id = answer?.body["id"];
  return typeof id === "string" ? id : undefined;
}

function bodyOf(one: Person): JsonObject {
  return entra.createUser(one).body ?? {};
}

function without(body: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
}

function clientOf({ baseUrl, operations, fetch }: PlantOptions, token: string): ScimClient {
  const { clock } = operations;
  return scimClient({ baseUrl, token, clock, tally: newTally(), patienceMs: 10_000, ...(fetch && { fetch }) });
}
