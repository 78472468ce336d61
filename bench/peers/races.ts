/** The four races that an identity provider's requests get into, and what must come out of each. */
import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../lib/scim/json.ts";
import type { Answer } from "./client.ts";
import { idOf, membersOf, patchOf, resourcesOf } from "./operations.ts";
import { bodyOfPerson } from "./people.ts";
import type { RaceResult } from "./results.ts";
import type { RunningServer } from "./server.ts";

const many = 50;
const times = 3;
const attributes = [
  "displayName",
  "nickName",
  "title",
  "userType",
  "locale",
  "timezone",
  "preferredLanguage",
  "externalId",
] as const;

interface Outcome {
  readonly text: string;
  readonly isRight: boolean;
}

interface Race {
  readonly name: string;
  readonly run: (server: RunningServer) => Promise<Outcome>;
}

const atOnce = <T>(count: number, run: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)));

/** Nobody else has that name; the address is the same unless another is given. */
function somebody(address?: string): JsonObject & { readonly userName: string } {
  const userName = `${randomUUID()}@contoso.example`;
  const emails = [{ primary: true, type: "work", value: address ?? userName }];
  return { ...bodyOfPerson(0), userName, externalId: randomUUID(), emails };
}

async function newUser(server: RunningServer): Promise<string> {
  const made = await server.client.ask("POST", "/Users", somebody());
  if (made.status !== 201) throw new Error(`a user was not taken: ${made.status} ${made.text.slice(0, 300)}`);
  return idOf(made);
}

/** Every identity provider comes again then: nothing is lost. */
const isLater = ({ status }: Answer): boolean => status === 503 || status === 429;
const toldLater = (count: number): string => (count === 0 ? "" : `, ${count} told to come again`);

const found = async (server: RunningServer, userName: string): Promise<number> =>
  resourcesOf(await server.client.ask("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`))
    .length;

export const races: readonly Race[] = [
  {
    name: `${many} creates of one userName at once`,
    run: async (server) => {
      const body = somebody();
      const answers = await atOnce(many, () => server.client.ask("POST", "/Users", body));
      const made = answers.filter(({ status }) => status === 201).length;
      const later = answers.filter(isLater).length;
      const others = answers.filter((one) => one.status !== 201 && one.status !== 409 && !isLater(one));
      const errors = others.length === 0 ? "" : `, ${others.length} errors such as ${others[0]?.status ?? 0}`;
      return { text: `${made} let in${toldLater(later)}${errors}`, isRight: made === 1 && errors === "" };
    },
  },
  {
    name: `${many} members added at once`,
    run: async (server) => {
      const users = await atOnce(many, () => newUser(server));
      const group = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName: randomUUID() };
      const id = idOf(await server.client.ask("POST", "/Groups", group));
      const answers = await atOnce(many, (n) =>
        server.client.ask("PATCH", `/Groups/${id}`, membersOf([users[n] ?? ""])),
      );
      const later = answers.filter(isLater).length;
      const lost = many - later - (await server.members(id));
      return { text: `${lost} lost${toldLater(later)}`, isRight: lost === 0 };
    },
  },
  {
    name: `${attributes.length} PATCHes of as many attributes at once`,
    run: async (server) => {
      const id = await newUser(server);
      await atOnce(attributes.length, (n) =>
        server.client.ask(
          "PATCH",
          `/Users/${id}`,
          patchOf({ op: "replace", path: attributes[n] ?? "", value: `v${n}` }),
        ),
      );
      const { body } = await server.client.ask("GET", `/Users/${id}`);
      const kept = attributes.filter((name, n) => body[name] === `v${n}`).length;
      return { text: `${kept} of ${attributes.length} kept`, isRight: kept === attributes.length };
    },
  },
  {
    name: "a create whose answer is lost, then search, then create",
    run: async (server) => {
      // A common tenant: people sign in by a name that is not their address.
      const body = somebody(`${randomUUID()}@mail.contoso.example`);
      await server.client.askAndLeave("POST", "/Users", body);
      await arrived(server, body);
      if ((await found(server, body.userName)) === 1) return { text: "found, goes on", isRight: true };
      const { status } = await server.client.ask("POST", "/Users", body);
      if (status === 409) return { text: "409, and cannot be found: a loop", isRight: false };
      const now = await found(server, body.userName);
      return { text: now === 1 ? "made by the second create" : `${status}, then ${now} found`, isRight: now === 1 };
    },
  },
];

/** The lost one is given its time: a user by that name, or two seconds. */
async function arrived(server: RunningServer, { userName }: { readonly userName: string }): Promise<void> {
  const until = performance.now() + 2_000;
  while (performance.now() < until && (await found(server, userName)) === 0)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

export async function runRaces(contestant: string, server: RunningServer): Promise<RaceResult[]> {
  const results: RaceResult[] = [];
  for (const { name, run } of races) {
    const outcomes: Outcome[] = [];
    for (let n = 0; n < times; n += 1) outcomes.push(await run(server));
    const isRight = outcomes.every((outcome) => outcome.isRight);
    results.push({ race: name, contestant, outcomes: outcomes.map(({ text }) => text), isRight });
  }
  await server.settle();
  return results;
}
