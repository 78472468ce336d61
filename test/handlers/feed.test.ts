import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createApiHandler } from "../../lib/handlers/api.ts";
import { createFeedHandler } from "../../lib/handlers/feed.ts";
import { invocation } from "../../lib/local/context.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { createToken, revokeToken } from "../../lib/ops/tokens.ts";
import { expiresAfter } from "../../lib/provisioning/expiry.ts";
import { feedHeadKey, feedKey } from "../../lib/provisioning/keys.ts";
import { type Table, TableError } from "../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { systemChance } from "../../lib/system.ts";
import { newAccessToken, newClientSecret, newToken, tokenId } from "../../lib/token.ts";
import { append, appendMany, userEvent } from "../events/fed.ts";
import { manualClock, temporaryDatabase } from "../local/temporary-database.ts";
import { countedReads } from "../provisioning/counted-reads.ts";
import { apiEvent } from "./event.ts";
import { listening } from "./harness.ts";

const file = {
  environment: { region: "eu-central-1" },
  mapping: { attributes: { login: { from: "userName" } } },
  events: {},
};
const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: any;
}

interface World {
  readonly table: Table;
  readonly now: () => number;
  readonly pass: (ms: number) => Promise<void>;
  readonly told: ReturnType<typeof listening>["told"];
  readonly token: string;
  readonly operations: Parameters<typeof createToken>[0];
  /** `query`: without the question mark. */
  readonly ask: (query: string, asked?: Asked) => Promise<Answer>;
  readonly scim: (token: string) => Promise<Answer>;
  /** Done in turn, one each time that somebody sleeps. */
  readonly meanwhile: (() => Promise<void>)[];
  close: () => void;
}

interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly table?: Table;
  readonly sourceIp?: string;
}

async function worldOf(tenantFile: object = file, name = "acme"): Promise<World> {
  const { db, close } = temporaryDatabase();
  const time = manualClock(start);
  const meanwhile: (() => Promise<void>)[] = [];
  const clock = {
    now: () => time.now(),
    sleep: async (ms: number) => {
      await time.sleep(ms);
      await meanwhile.shift()?.();
    },
  };
  const table = sqliteTable(db);
  const tenant = readTenantFile(name, tenantFile);
  const { telemetry, told } = listening();
  const operations = { table, clock, chance: systemChance, tenant };
  const { token } = await createToken(operations, { label: "the application", use: "events" });
  const lane = { send: async () => {}, sendAll: async () => {}, bury: async () => {}, depth: async () => 0 };
  const api = createApiHandler({
    provisioning: { ...operations, lanes: { leavers: lane, changes: lane } },
    telemetry,
  });
  const handlers = new Map<Table, ReturnType<typeof createFeedHandler>>();
  const handlerOn = (on: Table) => {
    const handler = handlers.get(on) ?? createFeedHandler({ feed: { ...operations, table: on }, telemetry });
    handlers.set(on, handler);
    return handler;
  };
  return {
    table,
    now: clock.now,
    pass: async (ms) => await time.sleep(ms),
    told,
    token,
    operations,
    meanwhile,
    ask: async (query, { method = "GET", token: shown = token, headers = {}, table: on = table, sourceIp } = {}) => {
      const event = apiEvent(method, `/events${query === "" ? "" : `?${query}`}`, {
        headers: { authorization: `Bearer ${shown}`, ...headers },
        ...(sourceIp !== undefined && { sourceIp }),
      });
      return answerOf(await handlerOn(on)(event, invocation("feed", 28)));
    },
    scim: async (shown) =>
      answerOf(
        await api(
          apiEvent("GET", "/scim/v2/Users", { headers: { authorization: `Bearer ${shown}` } }),
          invocation("api", 28),
        ),
      ),
    close,
  };
}

function answerOf(result: any): Answer {
  const { statusCode: status = 0, headers = {}, body = "", isBase64Encoded = false } = result;
  const text = isBase64Encoded ? gunzipSync(Buffer.from(body, "base64")).toString("utf8") : body;
  return { status, headers, body: text === "" ? undefined : JSON.parse(text) };
}

const idsOf = ({ body }: Answer): string[] => body.events.map(({ id }: { id: string }) => id);

let w: World;
beforeEach(async () => {
  w = await worldOf();
});
afterEach(() => w.close());

describe("the feed over HTTP", () => {
  test("gives all events in their order, page by page, and each once", async () => {
    const events = Array.from({ length: 2_345 }, (_, n) => userEvent(n, start + n));
    await append(w.table, events, start);
    const ids: string[] = [];
    let query = "limit=1000";
    for (let more = true; more;) {
      const page = await w.ask(query);
      ids.push(...idsOf(page));
      ({ more } = page.body);
      query = `limit=1000&after=${page.body.next}`;
    }
    expect(ids).toEqual(events.map(({ id }) => id));
  });

  test("gives 100 at a time unless asked otherwise, as JSON that nobody stores", async () => {
    await appendMany(w.table, 101, start);
    const { status, headers, body } = await w.ask("");
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    expect(body).toMatchObject({ more: true, next: expect.any(String) });
    expect(body.events).toHaveLength(100);
    expect(body.events[0]).toEqual(userEvent(1, start));
  });

  test("is empty when nothing happened yet, and its cursor goes on to work", async () => {
    const first = await w.ask("");
    expect(first.body).toEqual({ events: [], next: expect.any(String), more: false });
    await appendMany(w.table, 3, start);
    expect((await w.ask(`after=${first.body.next}`)).body.events).toHaveLength(3);
  });

  test("from the end on has what comes after it was asked", async () => {
    await appendMany(w.table, 3, start);
    const { body } = await w.ask("after=end");
    expect(body).toMatchObject({ events: [], more: false });
    await appendMany(w.table, 2, start, 100);
    expect(idsOf(await w.ask(`after=${body.next}`))).toEqual([userEvent(100, start).id, userEvent(101, start).id]);
  });

  test("packs a large page for whoever takes gzip", async () => {
    await appendMany(w.table, 50, start);
    const { headers, body } = await w.ask("", { headers: { "accept-encoding": "gzip" } });
    expect(headers["content-encoding"]).toBe("gzip");
    expect(body.events).toHaveLength(50);
  });

  test("ends a page early when its events are large, and the next one goes on", async () => {
    const large = (n: number) => ({ ...userEvent(n, start), note: "ア".repeat(60_000) });
    const events = Array.from({ length: 20 }, (_, n) => large(n));
    for (const event of events) await append(w.table, [event], start);
    const first = await w.ask("");
    expect(first.body.events.length).toBeLessThan(20);
    const second = await w.ask(`after=${first.body.next}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(events.map(({ id }) => id));
  });

  test.each([
    ["limit=0", /^limit is "0"; send a whole number of events from 1 to 1000$/],
    ["limit=1001", /^limit is "1001"/],
    ["limit=ten", /^limit is "ten"/],
    ["wait=21", /^wait is "21"; send a whole number of seconds from 0 to 20$/],
    ["limt=5", /^there is no parameter "limt"; it takes after, limit and wait$/],
    ["limit=5&limit=6", /^limit stands there twice/],
    ["after=", /^after is no cursor of this feed/],
    ["after=12", /^after is no cursor of this feed/],
  ])("refuses ?%s in a sentence", async (query, sentence) => {
    const { status, headers, body } = await w.ask(query);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect({ status, body }).toEqual({
      status: 400,
      body: { title: "Bad Request", status: 400, detail: expect.stringMatching(sentence) },
    });
  });

  test("answers HEAD without a body, OPTIONS with what there is, and other methods with a 405", async () => {
    await appendMany(w.table, 1, start);
    expect(await w.ask("", { method: "HEAD" })).toMatchObject({ status: 200, body: undefined });
    expect(await w.ask("", { method: "OPTIONS" })).toMatchObject({
      status: 204,
      headers: { allow: "GET, HEAD, OPTIONS" },
    });
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
      expect(await w.ask("", { method })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD, OPTIONS" } });
  });

  test("is open to the addresses of the tenant file alone", async () => {
    const own = await worldOf({ ...file, allowFrom: ["203.0.113.0/24"] });
    expect(await own.ask("", { sourceIp: "203.0.113.9" })).toMatchObject({ status: 200 });
    expect(await own.ask("", { sourceIp: "198.51.100.1" })).toMatchObject({
      status: 403,
      headers: { "content-type": "application/problem+json" },
    });
    own.close();
  });

  test("answers a fault of ours with a 500 that says nothing but the request, and one of the store with a 503", async () => {
    const failing = (error: Error): Table => ({
      ...w.table,
      get: async (key) => {
        if (key.table === "events") throw error;
        return await w.table.get(key);
      },
    });
    const ours = await w.ask("", { table: failing(new Error("secret of the house")) });
    expect(ours).toMatchObject({ status: 500, body: { detail: expect.stringMatching(/^a fault of ours/) } });
    expect(JSON.stringify([ours, w.told])).not.toContain("secret of the house");
    const throttled = await w.ask("", { table: failing(new TableError("throttled", "too much")) });
    expect(throttled).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  });
});

describe("a cursor", () => {
  test("that was changed, or is of another tenant, is refused with a 400", async () => {
    const other = await worldOf(file, "globex");
    const { next } = (await w.ask("")).body;
    const foreign = (await other.ask("")).body.next;
    const changed = `${next.slice(0, -2)}${next.endsWith("AA") ? "BB" : "AA"}`;
    for (const after of [foreign, changed, next.slice(1), `${next}x`])
      expect(await w.ask(`after=${after}`)).toMatchObject({
        status: 400,
        body: {
          detail: expect.stringMatching(/^after is no cursor of this feed: it was changed, or is of another tenant/),
        },
      });
    other.close();
  });

  test("of another tenant is refused, even where both have one secret", async () => {
    const other = await worldOf(file, "globex");
    const secret = await w.table.get({ table: "scim", pk: "Tenant", sk: "CursorKey" });
    const key = { table: "scim", pk: "Tenant", sk: "CursorKey" } as const;
    await other.table.write({ kind: "put", key, attributes: secret?.attributes ?? {} });
    const foreign = (await other.ask("")).body.next;
    expect(await w.ask(`after=${foreign}`)).toMatchObject({ status: 400 });
    other.close();
  });

  test("tells nobody where it stands", async () => {
    await appendMany(w.table, 1, start);
    const [one, two] = [(await w.ask("")).body.next, (await w.ask("")).body.next];
    expect(one).not.toBe(two);
    expect(Buffer.from(one, "base64url").toString("latin1")).not.toContain("User");
  });

  test("whose next events are over their 30 days is refused with a 410 that says what to do", async () => {
    await appendMany(w.table, 2, start);
    const { next } = (await w.ask("limit=1")).body;
    await w.pass(31 * day);
    const later = w.now();
    await appendMany(w.table, 1, later, 3);
    expect(await w.ask(`after=${next}`)).toMatchObject({
      status: 410,
      body: { detail: expect.stringMatching(/over the 30 days.*after=end.*read the whole directory/) },
    });
    expect(idsOf(await w.ask(""))).toEqual([userEvent(3, later).id]);
  });

  test("is as good after a quiet year, when nothing was missed", async () => {
    await appendMany(w.table, 2, start);
    const { next } = (await w.ask("")).body;
    await w.pass(365 * day);
    await appendMany(w.table, 1, w.now(), 3);
    expect(await w.ask(`after=${next}`)).toMatchObject({ status: 200, body: { events: [{}], more: false } });
  });

  test("into a feed that was restored to an earlier moment is refused with a 410, before and after it has grown again", async () => {
    await appendMany(w.table, 3, start);
    const { next } = (await w.ask("")).body;
    await w.table.write({ kind: "put", key: feedHeadKey, attributes: { position: 1 } });
    expect(await w.ask(`after=${next}`)).toMatchObject({
      status: 410,
      body: { detail: expect.stringMatching(/^the feed was restored/) },
    });
    await appendMany(w.table, 5, start, 50);
    expect(await w.ask(`after=${next}`)).toMatchObject({
      status: 410,
      body: { detail: expect.stringMatching(/^the feed was restored/) },
    });
  });
});

describe("a feed with gaps", () => {
  const remove = async (...positions: number[]) => {
    for (const position of positions) await w.table.write({ kind: "delete", key: feedKey(position) });
  };
  const put = async (position: number) => {
    const attributes = { event: JSON.stringify(userEvent(position, start)), expires: expiresAfter(start, 30) };
    await w.table.write({ kind: "put", key: feedKey(position), attributes });
  };
  const minute = 60_000;

  test.each([1, 2, 100])("names the positions that are lost, counts them, and goes on (limit %i)", async (limit) => {
    let { next } = (await w.ask("")).body;
    await appendMany(w.table, 6, start);
    await remove(1, 3, 4);
    await w.pass(minute);
    const [ids, gaps]: [string[], number[]] = [[], []];
    for (let more = true; more;) {
      const page = await w.ask(`limit=${limit}&after=${next}`);
      ids.push(...idsOf(page));
      gaps.push(...(page.body.gaps ?? []));
      ({ more, next } = page.body);
    }
    expect(ids).toEqual([2, 5, 6].map((n) => userEvent(n, start).id));
    expect(gaps).toEqual([1, 3, 4]);
    expect(w.told.counts.reduce((sum, [name, count]) => sum + (name === "FeedGaps" ? count : 0), 0)).toBe(3);
  });

  test("is none while a write may be under way: the page ends before it, and the next goes on when it is there", async () => {
    const { next } = (await w.ask("")).body;
    await appendMany(w.table, 3, start);
    await remove(2);
    const first = await w.ask(`after=${next}`);
    expect(idsOf(first)).toEqual([userEvent(1, start).id]);
    expect(first.body).toMatchObject({ more: false });
    await put(2);
    expect(idsOf(await w.ask(`after=${first.body.next}`))).toEqual([userEvent(2, start).id, userEvent(3, start).id]);
    expect(w.told.counts).toEqual([]);
  });

  test("is none at the end, however long ago the end was moved: nobody knows when the event was to come", async () => {
    await appendMany(w.table, 2, start);
    const { next } = (await w.ask("limit=1")).body;
    await remove(2);
    await w.pass(day);
    const held = await w.ask(`after=${next}`);
    expect(held.body).toEqual({ events: [], next: expect.any(String), more: false });
    await appendMany(w.table, 1, w.now(), 3);
    await w.pass(minute);
    expect((await w.ask(`after=${held.body.next}`)).body).toMatchObject({ events: [{}], gaps: [2] });
  });

  test("is looked at again by whoever waits", async () => {
    const { next } = (await w.ask("")).body;
    await appendMany(w.table, 2, start);
    await remove(1);
    w.meanwhile.push(
      async () => {},
      async () => await put(1),
    );
    expect((await w.ask(`after=${next}&wait=20`)).body.events).toHaveLength(2);
    expect(w.now() - start).toBe(2_000);
  });

  test("that DynamoDB made because the events were old are none", async () => {
    await appendMany(w.table, 2, start);
    await w.pass(31 * day);
    await appendMany(w.table, 2, w.now(), 3);
    await remove(1);
    const { body } = await w.ask("");
    expect(body.events).toHaveLength(2);
    expect(body).not.toHaveProperty("gaps");
  });
});

describe("whoever waits (long polling)", () => {
  test("is answered at once when there is something", async () => {
    await appendMany(w.table, 1, start);
    await w.ask("wait=20");
    expect(w.now()).toBe(start);
  });

  test("is answered as soon as something comes", async () => {
    w.meanwhile.push(
      async () => {},
      async () => {},
      async () => await appendMany(w.table, 1, start),
    );
    expect((await w.ask("wait=20")).body.events).toHaveLength(1);
    expect(w.now() - start).toBe(3_000);
  });

  test("gets an empty page when the time is over", async () => {
    expect((await w.ask("wait=20")).body).toMatchObject({ events: [], more: false });
    expect(w.now() - start).toBe(20_000);
  });

  test("costs one small read for each second", async () => {
    const { table, readsOf } = countedReads(w.table);
    const { next } = (await w.ask("wait=20", { table })).body;
    expect(await readsOf(async () => await w.ask(`wait=20&after=${next}`, { table }))).toMatchObject({ calls: 22 });
  });

  test("is not told of what comes after the token was revoked", async () => {
    w.meanwhile.push(async () => {
      await revokeToken(w.operations, tokenId(w.token) ?? "");
      await appendMany(w.table, 1, start);
    });
    expect(await w.ask("wait=20")).toMatchObject({ status: 401 });
  });

  test("gets an empty page when the store fails meanwhile", async () => {
    const reads = { left: 0 };
    const failing: Table = {
      ...w.table,
      get: async (key) => {
        if (key === feedHeadKey && reads.left-- <= 0) throw new TableError("throttled", "too much");
        return await w.table.get(key);
      },
    };
    reads.left = 2;
    expect(await w.ask("wait=5", { table: failing })).toMatchObject({ status: 200, body: { events: [] } });
  });
});

describe("a page of 1,000 events", () => {
  test("costs the same few reads, however long the feed is", async () => {
    const { table, readsOf } = countedReads(w.table);
    await appendMany(w.table, 1_500, start);
    const short = (await w.ask("limit=500")).body.next;
    await w.ask(`after=${short}`, { table });
    const few = await readsOf(async () => await w.ask(`limit=1000&after=${short}`, { table }));
    await appendMany(w.table, 8_500, start, 1_501);
    const many = await readsOf(async () => await w.ask(`limit=1000&after=${short}`, { table }));
    expect(many).toEqual(few);
    expect(few.calls).toBe(4);
  }, 60_000);
});

describe("the token of the feed", () => {
  test("opens the feed, and not SCIM: 403 says what it is for", async () => {
    expect(await w.ask("")).toMatchObject({ status: 200 });
    const answer = await w.scim(w.token);
    expect(answer).toMatchObject({
      status: 403,
      body: {
        detail: expect.stringMatching(/^this token reads the feed of events, and nothing else; create one and paste/),
      },
    });
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="scim", error="insufficient_scope"');
  });

  test("is another than that of an identity provider, which opens SCIM alone", async () => {
    const { token } = await createToken(w.operations, { label: "Entra" });
    expect(await w.scim(token)).toMatchObject({ status: 200 });
    const answer = await w.ask("", { token });
    expect(answer).toMatchObject({
      status: 403,
      body: {
        detail: expect.stringMatching(/^this token is one of an identity provider; .*token create --for events$/),
      },
    });
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="events", error="insufficient_scope"');
  });

  test("that is revoked or has expired is refused from the next request on", async () => {
    const ends = await createToken(w.operations, { label: "short", use: "events", expiresInDays: 1 });
    await w.pass(2 * day);
    expect(await w.ask("", { token: ends.token })).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining("has expired") },
    });
    await revokeToken(w.operations, tokenId(w.token) ?? "");
    expect(await w.ask("")).toMatchObject({ status: 401 });
  });

  test("an unknown one, a wrong secret and a revoked one get the same answer", async () => {
    const revoked = await createToken(w.operations, { label: "old", use: "events" });
    await revokeToken(w.operations, revoked.id);
    const shown = [newToken().text, newToken(tokenId(w.token)).text, revoked.token];
    const answers = [];
    for (const token of shown) answers.push(await w.ask("", { token }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 401,
      headers: {
        "www-authenticate": 'Bearer realm="events", error="invalid_token"',
        "content-type": "application/problem+json",
      },
    });
  });

  test("is none of OAuth's: an access token or a client's secret is told which token the feed has", async () => {
    for (const token of [newAccessToken("client12345"), newClientSecret("client12345")])
      expect(await w.ask("", { token })).toMatchObject({
        status: 401,
        body: {
          detail:
            "OAuth clients are identity providers, and the feed of events has tokens of its own; create one with: npx rollcall token create --for events",
        },
      });
  });

  test("a wrong secret of the other kind does not tell of which kind it is", async () => {
    const { id } = await createToken(w.operations, { label: "Entra" });
    expect(await w.ask("", { token: newToken(id).text })).toEqual(await w.ask("", { token: newToken().text }));
  });

  test("is made only where there is a feed", async () => {
    const { events: _, ...without } = file;
    const tenant = readTenantFile("acme", without);
    await expect(createToken({ ...w.operations, tenant }, { label: "a", use: "events" })).rejects.toThrow(
      'There is no feed of events to read: add "events": {} to the tenant file of "acme", and deploy it.',
    );
  });

  test("lets nobody in with a release that does not know what it is for", async () => {
    const item = await w.table.get({ table: "scim", pk: "Tenant", sk: `Token#${tokenId(w.token)}` });
    expect(item?.attributes).not.toHaveProperty("hash");
  });

  test("leaves its id in the log, and no text or cursor", async () => {
    await appendMany(w.table, 1, start);
    const { next } = (await w.ask("")).body;
    await w.ask(`after=${next}`);
    expect(w.told.lines.at(-1)).toMatchObject({
      message: "answered",
      route: "/events",
      status: 200,
      tokenId: tokenId(w.token),
      events: 0,
    });
    expect(JSON.stringify(w.told)).not.toMatch(new RegExp(`${w.token}|${next}|User`));
  });
});
