/** The whole way, embedded: an identity provider's dialogue, and a webhook's receiver that has its troubles. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { describe, expect, onTestFinished, test } from "vitest";
import { type DirectoryEvent, parseEvent } from "../../lib/events/event.ts";
import { feedEnd, readFeed } from "../../lib/events/feed.ts";
import { liveSecrets } from "../../lib/events/secrets.ts";
import { openDatabase } from "../../lib/local/database.ts";
import type { Clock } from "../../lib/provisioning/ports.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { play } from "../idp/play.ts";
import { acme, eventually, startServer, type TestServer, user } from "../local/served.ts";
import { randomFrom } from "../simulation/random.ts";
import { differences, foldEvents, foldOfDirectory } from "./fold.ts";

const sinks = [{ kind: "webhook", name: "app", url: "https://app.example.com/events" }] as const;
const telling: Tenant = { ...acme, events: { values: true, sinks } };

/** Refused more often, an event waits for hours, which are long also when they are quick. */
const failuresMost = 3;
/** So quick that pauses of two minutes are over in two seconds; quicker, what a busy machine has under way is taken for lost. */
const times = 60;

type Answers = (request: IncomingMessage, response: ServerResponse, event: DirectoryEvent) => void;

interface Got {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** Keeps what it got, and then answers, or not. */
async function webhook(answers: Answers) {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      got.push({ body, headers: request.headers as Record<string, string> });
      answers(request, response, parseEvent(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events` };
}

async function started(url: string, clock?: Clock): Promise<TestServer> {
  const server = await startServer({ tenant: telling, webhooks: { app: url }, ...(clock && { clock }) });
  onTestFinished(async () => await server.close());
  return server;
}

/** In steps of so many milliseconds; ours, until it is made so many times quicker. */
function changingClock(stepMs: number): { readonly clock: Clock; readonly quicken: (by: number) => void } {
  let [speed, since, offset] = [1, Date.now(), 0];
  const exact = () => since + offset + (Date.now() - since) * speed;
  const now = () => Math.floor(exact() / stepMs) * stepMs;
  const quicken = (by: number) => {
    offset = exact() - Date.now();
    since = Date.now();
    speed = by;
  };
  return { clock: { now, sleep: async (ms) => await sleep(ms / speed) }, quicken };
}

function directoryOf({ dataDir }: TestServer) {
  const db = openDatabase({ folder: dataDir, tenant: "acme" });
  const rows = db.prepare("SELECT pk, sk, attributes FROM item WHERE tbl = 'directory'").all();
  db.close();
  return foldOfDirectory(
    rows.map(({ pk, sk, attributes }) => ({
      pk: String(pk),
      sk: String(sk),
      attributes: JSON.parse(String(attributes)),
    })),
  );
}

describe("an embedded server with a webhook", () => {
  test("sends what was applied, signed for a receiver that has the specification's library and the secret alone", async () => {
    const { got, url } = await webhook((_request, response) => response.writeHead(204).end());
    const server = await started(url);
    await server.ask("POST", "/Users", user("ada@example.com"));
    await eventually(async () => got.length > 0);
    const [secret] = await liveSecrets(server.operations.table, "app");
    const [{ body, headers } = { body: "", headers: {} }] = got;
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "user.created", data: { tenant: "acme" } });
  });

  test.each([
    [1, 1],
    [2, 50],
    [3, 2_000],
  ])(
    "seed %i, a clock in steps of %i ms: after a dialogue of Entra, with outages, lost answers and refusals, the receiver has all, each subject in its order, and folds the directory",
    async (seed, stepMs) => {
      const seeded = randomFrom(seed);
      const random = () => seeded.next();
      const taken: DirectoryEvent[] = [];
      let outage = 0;
      const failures = new Map<string, number>();
      const { url } = await webhook((request, response, event) => {
        const failed = failures.get(event.id) ?? 0;
        failures.set(event.id, failed + 1);
        const isOver = failed >= failuresMost;
        if (isOver) outage = 0;
        if (!isOver && (outage > 0 || random() < 0.02)) {
          outage = outage > 0 ? outage - 1 : Math.floor(random() * 6);
          return request.socket.destroy();
        }
        if (!isOver && random() < 0.05)
          return response.writeHead(random() < 0.5 ? 500 : 503, { "retry-after": "1" }).end();
        taken.push(event);
        // It has taken it, and the answer is lost.
        if (!isOver && random() < 0.05) return request.socket.destroy();
        return response.writeHead(200).end();
      });
      const { clock, quicken } = changingClock(stepMs);
      const server = await started(url, clock);
      expect(await play(server, "entra-default.json")).toEqual([]);
      // The identity provider has been answered in its own time.
      quicken(times);
      const { table } = server.operations;
      await eventually(async () => {
        const ids = new Set(taken.map(({ id }) => id));
        const fed = await readFeed(table, { after: 0, limit: (await feedEnd(table)) + 1, now: 0 });
        return (
          fed.length > 0 &&
          fed.every(({ event }) => ids.has(event.id)) &&
          differences(foldEvents(taken), directoryOf(server)).length === 0
        );
      });
      const last = new Map<string, number>();
      for (const { data } of taken) {
        expect(data.sequence).toBeGreaterThanOrEqual(last.get(data.subject) ?? 0);
        last.set(data.subject, data.sequence);
      }
      expect(differences(foldEvents(taken), directoryOf(server))).toEqual([]);
    },
  );
});
