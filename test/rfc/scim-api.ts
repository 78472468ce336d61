/** The API as an identity provider meets it, with the few requests that every rule begins with. */
import { afterAll, beforeAll } from "vitest";
import type { JsonObject } from "../../lib/scim/json.ts";
import type { Asked } from "../handlers/event.ts";
import { type Harness, harness, textOf } from "../handlers/harness.ts";
import { patch, user } from "../local/served.ts";

export const users = "/scim/v2/Users";
export const groups = "/scim/v2/Groups";

type Answer = Awaited<ReturnType<Harness["ask"]>>;

export interface ScimApi {
  ask(method: string, target: string, asked?: Asked): Promise<Answer>;
  /** The id of a new user; the name is made up unless given. */
  newUser(more?: { userName?: string; [name: string]: unknown }): Promise<string>;
  newGroup(displayName: string, members?: readonly string[]): Promise<string>;
  getUser(id: string): Promise<JsonObject>;
  patchUser(id: string, ...operations: object[]): Promise<Answer>;
  /** The userNames that a filter finds. */
  found(filter: string): Promise<string[]>;
  readonly token: string;
}

/** An API of its own for the tests of a file. */
export function scimApi(): ScimApi {
  let open: Harness | undefined;
  const api = (): Harness => {
    if (open === undefined) throw new Error("the API is there once the tests run");
    return open;
  };
  beforeAll(async () => {
    open = await harness();
  });
  afterAll(() => open?.close());

  const ask: ScimApi["ask"] = async (method, target, asked) => await api().ask(method, target, asked);
  const create = async (path: string, body: object): Promise<string> => {
    const answer = await ask("POST", path, { body });
    if (answer.status !== 201) throw new Error(`not created: ${answer.text}`);
    return textOf(answer.body["id"]);
  };
  let made = 0;
  return {
    ask,
    newUser: async ({ userName, ...more } = {}) =>
      await create(users, user(userName ?? `user-${(made += 1)}@example.com`, more)),
    newGroup: async (displayName, members = []) =>
      await create(groups, { displayName, members: members.map((value) => ({ value })) }),
    getUser: async (id) => (await ask("GET", `${users}/${id}`)).body,
    patchUser: async (id, ...operations) => await ask("PATCH", `${users}/${id}`, { body: patch(...operations) }),
    found: async (filter) => {
      const { status, body, text } = await ask("GET", `${users}?filter=${encodeURIComponent(filter)}`);
      if (status !== 200) throw new Error(text);
      const resources = Array.isArray(body["Resources"]) ? body["Resources"] : [];
      return resources.map(({ userName }) => textOf(userName));
    },
    get token() {
      return api().token;
    },
  };
}
