import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import type { PostMessage } from "../../lib/events/ports.ts";
import { retireSecret, rotateSecret, liveSecrets } from "../../lib/events/secrets.ts";
import { readAnswer, readSinkState } from "../../lib/events/sink-state.ts";
import { feedKey } from "../../lib/provisioning/keys.ts";
import { TableError } from "../../lib/provisioning/ports.ts";
import { deliverBatch } from "../../lib/local/sink-loop.ts";
import { sqliteSinkMessages } from "../../lib/local/sqlite-sink-queue.ts";
import { idOf, type Says, sinkWorld, userEvent } from "./sink-world.ts";

const day = 24 * 3_600_000;

describe("a webhook", () => {
  test("gets the event as it stands in the feed, signed so that the specification's own library knows it", async () => {
    const got: PostMessage[] = [];
    const world = sinkWorld({ startMs: Date.now(), says: (message) => (got.push(message), 204) });
    await world.tell(userEvent("a", 7));
    await world.deliverAll();
    const [secret] = await liveSecrets(world.table, "app");
    const [message] = got;
    expect(got).toHaveLength(1);
    expect(new Webhook(secret).verify(message?.body ?? "", message?.headers ?? {})).toEqual(userEvent("a", 7));
    expect(message?.headers["webhook-id"]).toBe("User.a.7");
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  test("knows our requests by the old and by the new secret while they are rotated, and by the new one alone after that", async () => {
    const got: PostMessage[] = [];
    const world = sinkWorld({ startMs: Date.now(), says: (message) => (got.push(message), 200) });
    const knows = (secret: string) => {
      const { body, headers } = got.at(-1) ?? { body: "", headers: {} };
      try {
        return new Webhook(secret).verify(body, headers) !== undefined;
      } catch {
        return false;
      }
    };
    let sequence = 0;
    const send = async () => {
      await world.clock.sleep(11_000);
      await world.tell(userEvent("a", (sequence += 1)));
      await world.deliverAll();
    };
    const [old] = await liveSecrets(world.table, "app");
    const [now, former] = await rotateSecret(world.table, "app");
    expect(former).toBe(old);
    await send();
    expect([knows(old), knows(now)]).toEqual([true, true]);
    expect(await retireSecret(world.table, "app")).toEqual([now]);
    await send();
    expect([knows(old), knows(now)]).toEqual([false, true]);
    const [, second] = await rotateSecret(world.table, "app");
    const [, third] = await rotateSecret(world.table, "app");
    expect(second).toBe(now);
    expect(third).not.toBe(now);
    await send();
    // At most two are live: the one before the last but one has ended.
    expect(knows(now)).toBe(false);
  });

  test("two that ask for the first secret at once get the same one", async () => {
    const world = sinkWorld({ says: () => 200 });
    const all = await Promise.all([1, 2, 3].map(async () => await liveSecrets(world.table, "app")));
    expect(new Set(all.flat()).size).toBe(1);
  });
});

describe("an event that is not taken", () => {
  test.each<[Says, string]>([
    [500, "it answered 500"],
    [404, "it answered 404"],
    [401, "it answered 401: does it know the secret of now?"],
    [410, "it answered 410: it wants no more events; if so, take it out of the tenant file"],
    [307, "it answered 307, a redirect, which is not followed"],
    ["timed-out", "it did not answer within 10 seconds"],
    ["certificate", "its certificate is not trusted, has expired or is of another name"],
    ["address-not-public", "its name leads to an address that is not public, to which nothing is sent"],
  ])("because of %s comes again, and who asks is told why", async (said, reason) => {
    let isWell = false;
    const world = sinkWorld({ says: () => (isWell ? 200 : said) });
    await world.tell(userEvent("a", 1));
    await world.deliverAll();
    const about = { outcome: "later", reason, attempts: 1, eventId: "User.a.1", position: 1 };
    expect(await readAnswer(world.table, "app", "User/a")).toMatchObject(about);
    expect((await readSinkState(world.table, "app")).last).toMatchObject(about);
    isWell = true;
    await world.clock.sleep(4_999);
    await world.deliverAll();
    expect((await readAnswer(world.table, "app", "User/a"))?.outcome).toBe("later");
    await world.clock.sleep(1);
    await world.deliverAll();
    expect(await readAnswer(world.table, "app", "User/a")).toMatchObject({
      outcome: "taken",
      status: 200,
      attempts: 2,
    });
    expect(await world.queue.depth()).toBe(0);
  });

  test("is tried eleven times with growing pauses over a day, then parked with its reason; the later ones of its subject go on", async () => {
    const triesAt: number[] = [];
    const world = sinkWorld({
      says: (message, now) => (idOf(message) === "User.a.1" ? (triesAt.push(now), 500) : 200),
    });
    const start = world.clock.now();
    await world.tell(userEvent("a", 1), userEvent("a", 2));
    for (let minutes = 0; minutes < 25 * 60; minutes += 1) {
      await world.deliverAll();
      await world.clock.sleep(60_000);
    }
    const pauses = triesAt.slice(1).map((at, n) => Math.round((at - (triesAt[n] ?? 0)) / 60_000));
    expect(pauses).toEqual([1, 1, 2, 10, 30, 60, 120, 240, 480, 480]);
    expect((triesAt.at(-1) ?? 0) - start).toBeLessThan(day);
    const [letter] = await world.deadLetters.receive({ hiddenSeconds: 1 });
    expect(letter).toMatchObject({
      reason: "not-taken",
      body: '{"position":1,"eventId":"User.a.1","subject":"User/a"}',
    });
    expect(await readAnswer(world.table, "app", "User/a")).toMatchObject({ outcome: "taken", eventId: "User.a.2" });
    expect(world.counted.filter(([name]) => name === "Undelivered")).toHaveLength(1);
  });

  test("and that has waited for a day behind another one of its subject is tried once, then parked, too", async () => {
    const tries = new Map<string, number>();
    const world = sinkWorld({
      says: (message) => (tries.set(idOf(message), (tries.get(idOf(message)) ?? 0) + 1), 500),
    });
    await world.tell(...[1, 2, 3].map((sequence) => userEvent("a", sequence)));
    for (let minutes = 0; minutes < 25 * 60; minutes += 1) {
      await world.deliverAll();
      await world.clock.sleep(60_000);
    }
    expect([...tries.keys()]).toEqual(["User.a.1", "User.a.2", "User.a.3"]);
    expect(await world.queue.depth()).toBe(0);
    expect(await world.deadLetters.depth()).toBe(3);
  });

  test.each<[Says, number]>([
    [{ status: 429, retryAfter: "3600" }, 3_600],
    [{ status: 503, retryAfter: "Thu, 01 Jan 2026 02:00:00 GMT" }, 7_200],
    [{ status: 429, retryAfter: "999999" }, 43_000],
    // Shorter than our own first pause: else ten tries would be over in seconds.
    [{ status: 429, retryAfter: "0" }, 5],
    [{ status: 429, retryAfter: "soon" }, 5],
    // Only these two statuses say so.
    [{ status: 500, retryAfter: "3600" }, 5],
  ])("with %j comes again after %i s", async (said, seconds) => {
    const world = sinkWorld({ says: () => said });
    await world.tell(userEvent("a", 1));
    await world.deliverAll();
    const answer = await readAnswer(world.table, "app", "User/a");
    expect((answer?.nextAt ?? 0) - (answer?.at ?? 0)).toBe(seconds * 1000);
    await world.clock.sleep(seconds * 1000 - 1);
    expect(await deliverBatch(world.options, world.handler)).toBe("empty");
    await world.clock.sleep(1);
    expect(await deliverBatch(world.options, world.handler)).toBe("done");
  });

  test("holds back those of its subject, and no other", async () => {
    const got: string[] = [];
    let isWell = false;
    const world = sinkWorld({
      says: (message) => {
        if (!isWell && idOf(message) === "User.a.2") return 503;
        got.push(idOf(message));
        return 200;
      },
    });
    await world.tell(userEvent("a", 1), userEvent("a", 2), userEvent("a", 3), userEvent("b", 1));
    await world.deliverAll();
    expect(got.toSorted()).toEqual(["User.a.1", "User.b.1"]);
    await world.tell(userEvent("a", 4), userEvent("b", 2));
    await world.deliverAll();
    expect(got.toSorted()).toEqual(["User.a.1", "User.b.1", "User.b.2"]);
    isWell = true;
    await world.clock.sleep(5_000);
    await world.deliverAll();
    expect(got.slice(3)).toEqual(["User.a.2", "User.a.3", "User.a.4"]);
  });
});

describe("a batch", () => {
  test("has at most five subjects under way at once, and one event of each", async () => {
    const underWay = new Set<string>();
    let most = 0;
    const world = sinkWorld({
      says: async ({ body }) => {
        const { subject } = (JSON.parse(body) as { data: { subject: string } }).data;
        expect(underWay.has(subject)).toBe(false);
        underWay.add(subject);
        most = Math.max(most, underWay.size);
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
        underWay.delete(subject);
        return 200;
      },
    });
    await world.tell(...["a", "b", "c", "d", "e", "f", "g", "a", "b", "c"].map((id, n) => userEvent(id, n + 1)));
    await world.deliverAll();
    expect(most).toBe(5);
    expect(world.counted.filter(([name]) => name === "Delivered")).toHaveLength(10);
  });

  test("that has no time left begins nothing more, and gives back what it has not begun", async () => {
    const world = sinkWorld({ says: () => 200 });
    await world.tell(userEvent("a", 1), userEvent("a", 2));
    const short: typeof world.handler = async (event, context) =>
      await world.handler(event, { ...context, getRemainingTimeInMillis: () => 19_000 });
    await deliverBatch(world.options, short);
    expect(world.counted).toEqual([]);
    await world.deliverAll();
    expect(world.counted.filter(([name]) => name === "Delivered")).toHaveLength(2);
  });
});

describe("what is not as it should be", () => {
  test("an event that the feed does not have any more is parked as gone, and nothing is sent", async () => {
    const world = sinkWorld({ says: () => 200 });
    await world.tell(userEvent("a", 1), userEvent("a", 2));
    await world.table.write({ kind: "delete", key: feedKey(1) });
    await world.deliverAll();
    const [letter] = await world.deadLetters.receive({ hiddenSeconds: 1 });
    expect(letter?.reason).toBe("event-gone");
    expect(world.counted.map(([name]) => name)).toEqual(["Undelivered", "Delivered", "DeliveryLatencyMs"]);
  });

  test("at a position that has another event, as after a restore, nothing is sent", async () => {
    const world = sinkWorld({ says: () => 200 });
    await world.tell(userEvent("a", 1));
    const event = JSON.stringify(userEvent("b", 9));
    await world.table.write({ kind: "put", key: feedKey(1), attributes: { event } });
    await world.deliverAll();
    expect((await world.deadLetters.receive({ hiddenSeconds: 1 }))[0]?.reason).toBe("event-gone");
    expect(world.counted.map(([name]) => name)).toEqual(["Undelivered"]);
  });

  test("a message that is no pointer goes to the dead letters as it is", async () => {
    const world = sinkWorld({ says: () => 200 });
    const insert =
      "INSERT INTO message (queue, body, subject, sent_at, visible_at) VALUES ('sink-app', 'not ours', 'x', 0, 0)";
    world.db.exec(insert);
    await world.deliverAll();
    const [letter] = await world.deadLetters.receive({ hiddenSeconds: 1 });
    expect(letter).toMatchObject({ body: "not ours", reason: "unreadable-message" });
  });

  test("a message of a later release stays in the queue", async () => {
    const world = sinkWorld({ says: () => 200 });
    const body = JSON.stringify({ v: 99, position: 1, eventId: "User.a.1", subject: "User/a" });
    world.db
      .prepare("INSERT INTO message (queue, body, subject, sent_at, visible_at) VALUES ('sink-app', ?, 'x', 0, 0)")
      .run(body);
    await deliverBatch(world.options, world.handler);
    expect([await world.queue.depth(), await world.deadLetters.depth()]).toEqual([1, 0]);
  });

  test("a table that does not answer delays an event and loses none; one that takes no notes delays nothing", async () => {
    let broken: "reads" | "writes" | "nothing" = "reads";
    const busy = () => {
      throw new TableError("throttled", "busy");
    };
    const got: string[] = [];
    const world = sinkWorld({
      says: (message) => (got.push(idOf(message)), 200),
      around: (table) => ({
        ...table,
        query: async (range) => (broken === "reads" ? busy() : await table.query(range)),
        write: async (write) =>
          broken === "writes" && "sk" in write.key && write.key.sk.startsWith("Sink#")
            ? busy()
            : await table.write(write),
      }),
    });
    await world.tell(userEvent("a", 1), userEvent("a", 2));
    await world.deliverAll();
    expect(got).toEqual([]);
    broken = "writes";
    await world.clock.sleep(30_000);
    await world.deliverAll();
    expect(got).toEqual(["User.a.1", "User.a.2"]);
    expect(await world.queue.depth()).toBe(0);
  });

  test("a table that does not answer for most of a day costs no event its place in the queue", async () => {
    let isBusy = true;
    const got: string[] = [];
    const world = sinkWorld({
      says: (message) => (got.push(idOf(message)), 200),
      around: (table) => ({
        ...table,
        query: async (range) => {
          if (isBusy) throw new TableError("throttled", "busy");
          return await table.query(range);
        },
      }),
    });
    await world.tell(userEvent("a", 1));
    for (let minutes = 0; minutes < 18 * 60; minutes += 1) {
      await world.deliverAll();
      await world.clock.sleep(60_000);
    }
    expect(await world.deadLetters.depth()).toBe(0);
    isBusy = false;
    await world.clock.sleep(900_000);
    await world.deliverAll();
    expect(got).toEqual(["User.a.1"]);
  });

  test("what is replayed after it was parked has its own day again, also when it was received and given back untried", async () => {
    const world = sinkWorld({ says: () => 500 });
    await world.tell(userEvent("a", 1));
    for (let minutes = 0; minutes < 25 * 60; minutes += 1) {
      await world.deliverAll();
      await world.clock.sleep(60_000);
    }
    expect(await world.deadLetters.depth()).toBe(1);
    await world.queue.sendAll([{ position: 1, eventId: "User.a.1", subject: "User/a" }], "0a1b2c3d");
    const untried: typeof world.handler = async ({ Records }) => {
      await sqliteSinkMessages(world.options).postpone(Records[0]?.receiptHandle ?? "", 0);
      return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    await deliverBatch(world.options, untried);
    await world.deliverAll();
    expect(await readAnswer(world.table, "app", "User/a")).toMatchObject({ outcome: "later", attempts: 1 });
  });

  test("an event that was taken and whose message stayed is not sent again", async () => {
    const got: string[] = [];
    const world = sinkWorld({ says: (message) => (got.push(idOf(message)), 200) });
    await world.tell(userEvent("a", 1));
    const dying: typeof world.handler = async (event, context) => {
      await world.handler(event, context);
      return { batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    await deliverBatch(world.options, dying);
    await world.clock.sleep(131_000);
    await world.deliverAll();
    expect(got).toEqual(["User.a.1"]);
    expect(await world.queue.depth()).toBe(0);
  });

  test("the log has ids, and neither values nor the sink's address", async () => {
    const world = sinkWorld({ says: () => 500 });
    await world.tell(userEvent("a", 1));
    await world.deliverAll();
    const text = JSON.stringify(world.logged);
    expect(text).toContain("User.a.1");
    expect(text).not.toMatch(/hooks\.example\.com|whsec|email/);
  });
});
