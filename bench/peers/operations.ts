/** What is measured: how each operation is asked for, and what a right answer to it is. */
import type { JsonObject } from "../../lib/scim/json.ts";
import type { Answer } from "./client.ts";
import { bodyOfPerson, externalIdOf, userNameOf } from "./people.ts";
import type { RunningServer } from "./server.ts";

/** One server at one size, and what of it is used up by and by. */
export interface Scene {
  readonly server: RunningServer;
  /** How many people there are, and of how many the group is made. */
  readonly size: number;
  /** By number. */
  readonly ids: readonly string[];
  readonly groupId: string;
  /** A number that nobody has had. */
  readonly newPerson: () => number;
  /** One of the people there are; none twice until all were. */
  readonly anybody: () => number;
  /** So many people who are in no group yet. */
  readonly joiners: (count: number) => readonly string[];
  /** How many members there must be now. */
  readonly members: () => number;
}

interface Asked {
  readonly answer: Answer;
  readonly isRight: boolean;
}

export interface Operation {
  readonly name: string;
  readonly kind: "user" | "group";
  /** How often it is done in one round, at most. */
  readonly times: number;
  /** And before the first round. */
  readonly warmTimes: number;
  /** One request. What it says about the answer costs the server nothing. */
  readonly ask: (scene: Scene) => Promise<Asked>;
  /** Looks, after a round, whether the last one took effect. */
  readonly holds?: (scene: Scene, last: Answer) => Promise<boolean>;
}

const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/** Lower case, as Entra sends it with the flag that saml-jackson's directories ask for. */
export const patchOf = (...Operations: JsonObject[]): JsonObject => ({ schemas: [patchUrn], Operations });
export const membersOf = (ids: readonly string[]): JsonObject =>
  patchOf({ op: "add", path: "members", value: ids.map((value) => ({ value })) });

export const idOf = ({ body }: Answer): string => (typeof body["id"] === "string" ? body["id"] : "");

export const resourcesOf = ({ body }: Answer): readonly JsonObject[] =>
  Array.isArray(body["Resources"]) ? body["Resources"] : [];

const pageSize = 100;

const lookUp =
  (filterOf: (n: number) => string): Operation["ask"] =>
  async ({ server, anybody }) => {
    const n = anybody();
    const answer = await server.client.ask("GET", `/Users?filter=${encodeURIComponent(filterOf(n))}`);
    const found = resourcesOf(answer);
    return { answer, isRight: found.length === 1 && found[0]?.["userName"] === userNameOf(n) };
  };

const list =
  (startIndexOf: (size: number) => number): Operation["ask"] =>
  async ({ server, size }) => {
    const query = `startIndex=${startIndexOf(size)}&count=${pageSize}`;
    const answer = await server.client.ask("GET", `/Users?${query}`);
    const isRight = resourcesOf(answer).length === pageSize && Number(answer.body["totalResults"]) >= size;
    return { answer, isRight };
  };

/** Changes somebody; the right answer is 200 or 204. */
const change =
  (method: string, bodyOf: (n: number) => JsonObject): Operation["ask"] =>
  async ({ server, ids, anybody }) => {
    const n = anybody();
    const answer = await server.client.ask(method, `/Users/${ids[n] ?? ""}`, bodyOf(n));
    return { answer: { ...answer, body: { id: ids[n] ?? "" } }, isRight: [200, 204].includes(answer.status) };
  };

const readsBack =
  (attribute: string, value: string | boolean): NonNullable<Operation["holds"]> =>
  async ({ server }, last) => {
    const { body } = await server.client.ask("GET", `/Users/${idOf(last)}`);
    return body[attribute] === value;
  };

const join =
  (count: number): Operation["ask"] =>
  async ({ server, groupId, joiners }) => {
    const answer = await server.client.ask("PATCH", `/Groups/${groupId}`, membersOf(joiners(count)));
    return { answer, isRight: [200, 204].includes(answer.status) };
  };

/** In this order: those who are changed last are not looked for any more. */
export const operations: readonly Operation[] = [
  {
    name: "create a user",
    kind: "user",
    times: 16,
    warmTimes: 60,
    ask: async ({ server, newPerson }) => {
      const answer = await server.client.ask("POST", "/Users", bodyOfPerson(newPerson()));
      return { answer, isRight: answer.status === 201 && typeof answer.body["id"] === "string" };
    },
  },
  {
    name: "look up by userName",
    kind: "user",
    times: 20,
    warmTimes: 60,
    ask: lookUp((n) => `userName eq "${userNameOf(n)}"`),
  },
  {
    name: "look up by externalId",
    kind: "user",
    times: 20,
    warmTimes: 60,
    ask: lookUp((n) => `externalId eq "${externalIdOf(n)}"`),
  },
  {
    name: "PATCH one attribute",
    kind: "user",
    times: 16,
    warmTimes: 60,
    ask: change("PATCH", () => patchOf({ op: "replace", path: "title", value: "Countess" })),
    holds: readsBack("title", "Countess"),
  },
  {
    name: "PUT a user",
    kind: "user",
    times: 16,
    warmTimes: 60,
    ask: change("PUT", (n) => bodyOfPerson(n, "Analyst")),
    holds: readsBack("title", "Analyst"),
  },
  {
    name: "deactivate",
    kind: "user",
    times: 10,
    warmTimes: 40,
    ask: change("PATCH", () => patchOf({ op: "replace", path: "active", value: false })),
    holds: readsBack("active", false),
  },
  { name: "list the first page", kind: "user", times: 4, warmTimes: 6, ask: list(() => 1) },
  { name: "list a deep page", kind: "user", times: 4, warmTimes: 6, ask: list((size) => size - pageSize + 1) },
  { name: "group: add 1 member", kind: "group", times: 8, warmTimes: 40, ask: join(1) },
  { name: "group: add 100 members", kind: "group", times: 2, warmTimes: 4, ask: join(100) },
  {
    name: "group: read without members",
    kind: "group",
    times: 16,
    warmTimes: 60,
    ask: async ({ server, groupId }) => {
      const answer = await server.client.ask("GET", `/Groups/${groupId}?excludedAttributes=members`);
      return { answer, isRight: answer.body["id"] === groupId && typeof answer.body["displayName"] === "string" };
    },
  },
];

/** How many people must wait to be taken into the group, for the rounds, the one that warms up and those whose calls are kept. */
export const joinersNeeded = (rounds: number): number => (rounds + 1) * (8 + 2 * 100) + 40 + 4 * 100;
