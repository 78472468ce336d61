import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { liveSecrets } from "../../lib/events/secrets.ts";
import { noteLastAnswer } from "../../lib/events/sink-state.ts";
import { openDatabase } from "../../lib/local/database.ts";
import {
  deleteSinkMessage,
  receiveSinkMessages,
  sqliteSinkMessages,
  sqliteSinkQueue,
} from "../../lib/local/sqlite-sink-queue.ts";
import { append, userEvent } from "../events/fed.ts";
import { parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

const tenantFile = {
  ...parkingTenantFile,
  events: { bus: true, webhooks: { app: { url: "https://app.example.com/events" } } },
};

let store: TestStore;
let run: (words: string | readonly string[], world?: World) => Promise<Ran>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store, tenantFile);
});
afterEach(() => store.close());

/** Three events in the feed; those of the first `parked` positions, and one that the feed does not have, are parked. */
async function parked(count: number) {
  const { clock, table } = store.operations;
  const events = [1, 2, 3].map((n) => userEvent(n, clock.now()));
  await append(table, events, clock.now());
  const db = openDatabase({ folder: store.folder, tenant: "parking" });
  onTestFinished(() => db.close());
  const options = { db, sink: "app", clock };
  const messages = sqliteSinkMessages(options);
  const pointers = events.map(({ id, data }, n) => ({ position: n + 1, eventId: id, subject: data.subject }));
  for (const pointer of pointers.slice(0, count).toReversed()) await messages.bury(pointer, "not-taken");
  await messages.bury({ position: 99, eventId: "User.gone.1", subject: "User/gone" }, "not-taken");
  const received = () => receiveSinkMessages(options, { visibilityTimeoutSeconds: 30, maxReceiveCount: 9 });
  const queued = () => received().map(({ body }) => JSON.parse(body));
  const handled = () => {
    for (const { receipt } of received()) deleteSinkMessage(options, receipt);
  };
  return { pointers, queued, handled, messages, queue: sqliteSinkQueue(options) };
}

describe("events status", () => {
  test("says where the feed ends, and of each sink what waits, what is parked, what it said last, and how to go on", async () => {
    await parked(2);
    const { clock, table } = store.operations;
    const answer = { position: 1, eventId: "User.a.1", at: clock.now(), attempts: 3 };
    await noteLastAnswer(table, "app", { ...answer, outcome: "later", reason: "it answered 500", status: 500 });
    const { code, out } = await run("events status --local");
    expect(code).toBe(0);
    expect(out).toContain("The feed ends at position 3.");
    expect(out).toMatch(/app +0 +3 +never +later, .* ago: it answered 500/);
    expect(out).toMatch(/bus +not there +not there/);
    expect(out).toContain("  $ npx rollcall events replay app --local\n");
  });

  test("of a tenant without events says what is missing", async () => {
    const without = testStore();
    onTestFinished(() => without.close());
    const { code, err } = await commandOn(without)("events status --local");
    expect(code).toBe(1);
    expect(err).toBe('This tenant has no events: the tenant file has no key "events" (docs/tenant-file.md).\n');
  });
});

describe("events secret", () => {
  test("show makes the first one and prints nothing else, rotate shows both and how to go on, retire leaves the new one", async () => {
    const first = await run("events secret show app --local");
    expect(first.out).toMatch(/^whsec_\S+\n$/);
    expect((await run("events secret show app --local")).out).toBe(first.out);
    const rotated = await run("events secret rotate app --local");
    const [now = "", former] = rotated.out.split("\n");
    expect(`${former}\n`).toBe(first.out);
    expect(rotated.err).toContain("  $ npx rollcall events secret retire app --local\n");
    expect((await run("events secret retire app --local")).out).toBe(`${now}\n`);
  });

  test.each([
    ["events secret show other --local", 'There is no sink "other": there are bus, app.'],
    ["events secret show bus --local", "A bus has no secret: EventBridge's own policies say who reads it."],
    ["events secret --local", "Which? show, rotate or retire: npx rollcall events secret show …"],
  ])("%s is told why not", async (words, sentence) => {
    expect((await run(words)).err).toContain(sentence);
  });
});

describe("events replay", () => {
  test("shows the plan, asks, and puts the events into the sink's queue in the feed's order; what is gone is taken away", async () => {
    const { pointers, queued } = await parked(3);
    const { code, out, err } = await run("events replay app --local", { answer: true });
    expect(code).toBe(0);
    expect(out).toContain("3 events to replay\n1 that the feed does not have any more: only their dead letters go\n");
    expect(err).toContain("Replay them?");
    expect(out).toContain("3 events sent to app again.");
    expect(queued()).toEqual(pointers);
    expect(JSON.parse((await run("events status --local --json")).out).sinks[1]).toMatchObject({ parked: 0 });
  });

  test("sends again what was sent and parked a moment ago", async () => {
    const { pointers, queued, queue, handled } = await parked(3);
    await queue.sendAll(pointers);
    handled();
    expect((await run("events replay app --local --yes")).code).toBe(0);
    expect(queued()).toEqual(pointers);
  });

  test.each([
    ["events replay app --local --dry-run", {}, 0],
    ["events replay app --local", { answer: false }, 0],
    ["events replay app --local", {}, 2],
    ["events replay app --local --yes", { interrupted: true }, 1],
  ])("%s with %j changes nothing, and gives the dead letters back", async (words, world, code) => {
    const { queued } = await parked(2);
    expect((await run(words, world)).code).toBe(code);
    expect(queued()).toEqual([]);
    expect(JSON.parse((await run("events replay app --local --dry-run --json")).out)).toEqual({
      planned: { replay: 2, gone: 1, newer: 0, unreadable: 0 },
    });
  });

  test("what only a later release understands stays for it, and is no message of others", async () => {
    const { pointers, queued, messages } = await parked(1);
    await messages.bury(JSON.stringify({ ...pointers[1], v: 99 }), "not-taken");
    await messages.bury("hello", "unreadable-message");
    const { out } = await run("events replay app --local --yes");
    expect(out).toContain("1 of a later release: they stay until it is deployed again\n1 not ours: they stay\n");
    expect(queued()).toEqual(pointers.slice(0, 1));
    expect(JSON.parse((await run("events replay app --local --dry-run --json")).out)).toEqual({
      planned: { replay: 0, gone: 0, newer: 1, unreadable: 1 },
    });
  });

  test("of the bus in embedded data says that there is none", async () => {
    const { code, err } = await run("events replay bus --local --yes");
    expect(code).toBe(1);
    expect(err).toContain('The sink "bus" is a bus of the tenant\'s stack, and the embedded data have none.');
  });
});

describe("events send-test", () => {
  test("sends a signed event at once, and tells the answer in words", async () => {
    const answers = [204, 500];
    const got: [string, Record<string, string>][] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        got.push([body, request.headers as Record<string, string>]);
        response.writeHead(answers.shift() ?? 500).end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve());
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const webhooks = `app=http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const sent = await run("events send-test app --local", { webhooks });
    expect([sent.code, sent.out]).toEqual([0, expect.stringMatching(/^app took test\.\S+ \(204\)\.\n$/)]);
    const [secret] = await liveSecrets(store.operations.table, "app");
    const [[body, headers] = ["", {}]] = got;
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "rollcall.test" });
    const refused = await run("events send-test app --local", { webhooks });
    expect([refused.code, refused.out]).toEqual([1, "app did not take it: it answered 500.\n"]);
  });

  test("what ROLLCALL_WEBHOOKS has wrong is a mistake of the command line", async () => {
    const { code, err } = await run("events send-test app --local", { webhooks: "app=http://10.0.0.1/" });
    expect(code).toBe(2);
    expect(err).toContain('ROLLCALL_WEBHOOKS has "app=http://10.0.0.1/": expected');
  });
});
