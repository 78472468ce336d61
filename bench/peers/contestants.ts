/** Who is measured, what they keep their data in, and what each does not do: a low cost may be that of something left out. */
import { join } from "node:path";
import { type RunningServer, startServer } from "./server.ts";

export interface Stores {
  readonly dynamoUrl: string;
  readonly sqsUrl: string;
  /** The interpreter that has scim2-server. */
  readonly python: string;
}

export interface Contestant {
  readonly name: string;
  /** Where what it answered is kept. */
  readonly keepsIn: string;
  readonly does: string;
  readonly start: (stores: Stores) => Promise<RunningServer>;
}

const serverFile = (name: string): string => join(import.meta.dirname, "servers", name);
const node = (name: string, file: string, ...args: string[]): Promise<RunningServer> =>
  startServer({ name, command: process.execPath, args: [serverFile(file), ...args] });

/** What is said of the others was read in their code and seen in their answers. */
export const contestants: readonly Contestant[] = [
  {
    name: "Rollcall",
    keepsIn: "DynamoDB Local, ElasticMQ",
    does: "each write is one transaction with its uniqueness, lookups, count and journal, then a message to a queue; a worker carries it over later (measured apart)",
    start: ({ dynamoUrl, sqsUrl }) =>
      startServer({
        name: "Rollcall",
        command: process.execPath,
        args: [serverFile("rollcall.ts"), dynamoUrl, sqsUrl],
        recordsCalls: true,
      }),
  },
  {
    name: "saml-jackson",
    keepsIn: "DynamoDB Local",
    does: "looks before it creates, without a condition; a filter is always one on the e-mail address; writes the whole user back as it was read; lists ignore count and startIndex and end after a page of the store; answers about groups have no members; events here go to a callback that does nothing",
    start: ({ dynamoUrl }) => node("saml-jackson", "jackson.ts", dynamoUrl),
  },
  {
    name: "scimmy",
    keepsIn: "memory (Maps)",
    does: "a toolkit: storage and uniqueness are the user's own, here Maps; searches match every resource; nothing survives a restart",
    start: () => node("scimmy", "scimmy.ts"),
  },
  {
    name: "scim2-server",
    keepsIn: "memory (Python)",
    does: "for tests and demos, as its command says; equality searches use an index; a new connection for each request, here with room for 128 that wait (its own: 5); nothing survives a restart",
    start: ({ python }) =>
      startServer({ name: "scim2-server", command: python, args: [serverFile("scim2.py")], takesPeople: true }),
  },
];
