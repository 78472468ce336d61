/** What an application gets from the feed with `readEvents`: everything once in order, whatever happens in between. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FeedOptions, readEvents } from "../../lib/directory/index.ts";
import { userEvent } from "./told.ts";

interface Asked {
  readonly after: string | null;
  readonly wait: string | null;
  readonly authorization: string | null;
  /** A token must not follow to another address. */
  readonly redirect: RequestInit["redirect"];
}

/** Answers one after another; when there are no more the test is over: the loop is ended. */
function feed(...answers: readonly (() => Response | Promise<Response>)[]) {
  const asked: Asked[] = [];
  const ending = new AbortController();
  const get: typeof fetch = async (url, init) => {
    const { searchParams } = new URL(url instanceof Request ? url.url : url);
    const headers = new Headers(init?.headers);
    const answer = answers[asked.length];
    asked.push({
      after: searchParams.get("after"),
      wait: searchParams.get("wait"),
      authorization: headers.get("authorization"),
      redirect: init?.redirect,
    });
    if (answer !== undefined) return await answer();
    ending.abort();
    throw new Error("the test is over");
  };
  return {
    asked,
    ending,
    options: { url: "https://api.example.com/events", token: "rc_app_x", fetch: get, signal: ending.signal },
  };
}

const page =
  (next: string, ...sequences: readonly number[]) =>
  () =>
    Response.json({ events: sequences.map((n) => userEvent("updated", n)), next, more: false });
const status =
  (code: number, headers: Record<string, string> = {}, detail = "it says why") =>
  () =>
    new Response(JSON.stringify({ detail }), { status: code, headers });
const noNetwork = () => {
  throw new TypeError("fetch failed");
};

async function sequencesOf(options: FeedOptions): Promise<number[]> {
  const found: number[] = [];
  for await (const event of readEvents(options)) found.push(event.data.sequence);
  return found;
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** Lets all pauses go by at once; their lengths are what `onTrouble` heard. */
async function withoutWaiting<T>(work: Promise<T>): Promise<T> {
  const state = { done: false };
  const settled = work.finally(() => {
    state.done = true;
  });
  settled.catch(() => {});
  while (!state.done) await vi.advanceTimersByTimeAsync(1_000);
  return await settled;
}

describe("readEvents", () => {
  test("gives page after page, each asked for with the cursor of the one before", async () => {
    const { asked, options } = feed(page("c2", 1, 2), page("c3", 3));
    expect(await withoutWaiting(sequencesOf(options))).toEqual([1, 2, 3]);
    expect(asked.map(({ after }) => after)).toEqual([null, "c2", "c3"]);
    expect(asked.map(({ wait }) => wait)).toEqual([null, "20", "20"]);
    expect(asked[0]).toMatchObject({ authorization: "Bearer rc_app_x", redirect: "error" });
  });

  test.each([0, 5])("with waitSeconds %d the feed holds back no answer for longer", async (waitSeconds) => {
    const { asked, options } = feed(page("c2", 1), page("c2"));
    await withoutWaiting(sequencesOf({ ...options, waitSeconds }));
    expect(asked.map(({ wait }) => wait)).toEqual([null, String(waitSeconds), String(waitSeconds)]);
  });

  test.each([-1, 1.5, 21, Number.NaN])("refuses %d as waitSeconds", async (waitSeconds) => {
    const { asked, options } = feed();
    await expect(sequencesOf({ ...options, waitSeconds })).rejects.toMatchObject({
      code: "usage",
      message: "waitSeconds is a whole number from 0 to 20.",
    });
    expect(asked).toEqual([]);
  });

  test("goes on from the cursor that was kept", async () => {
    const { asked, options } = feed(page("c9", 8));
    expect(await withoutWaiting(sequencesOf({ ...options, after: "c8" }))).toEqual([8]);
    expect(asked[0]?.after).toBe("c8");
  });

  test("keeps a cursor only when the loop has taken all events up to it, and waits for that", async () => {
    const { options } = feed(page("c2", 1, 2), page("c3", 3));
    const steps: string[] = [];
    const keep = async (cursor: string) => {
      await Promise.resolve();
      steps.push(`kept ${cursor}`);
    };
    const reading = async () => {
      for await (const { data } of readEvents({ ...options, keep })) steps.push(`took ${data.sequence}`);
    };
    await withoutWaiting(reading());
    expect(steps).toEqual(["took 1", "took 2", "kept c2", "took 3", "kept c3"]);
  });

  test("an application that fails over an event is given it again after its next start", async () => {
    const { options } = feed(page("c2", 1, 2));
    const kept: string[] = [];
    const reading = async () => {
      for await (const { data } of readEvents({ ...options, keep: (cursor) => void kept.push(cursor) }))
        if (data.sequence === 2) throw new Error("the application's own");
    };
    await expect(reading()).rejects.toThrow("the application's own");
    expect(kept).toEqual([]);
  });

  test("a cursor that stands still is not kept again and again", async () => {
    const { options } = feed(page("c2", 1), page("c2"), page("c2"));
    const kept: string[] = [];
    await withoutWaiting(sequencesOf({ ...options, keep: (cursor) => void kept.push(cursor) }));
    expect(kept).toEqual(["c2"]);
  });

  test("waits out what passes, longer each time, and loses nothing", async () => {
    const html = () => new Response("<html>", { status: 200 });
    const { asked, options } = feed(
      page("c2", 1),
      noNetwork,
      status(503),
      html,
      status(429),
      page("c3", 2),
      status(500),
    );
    const pauses: number[] = [];
    const onTrouble = (_trouble: Error, pauseMs: number) => void pauses.push(pauseMs);
    expect(await withoutWaiting(sequencesOf({ ...options, onTrouble }))).toEqual([1, 2]);
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 1_000]);
    expect(asked.slice(1, 6).map(({ after }) => after)).toEqual(["c2", "c2", "c2", "c2", "c2"]);
  });

  test("a pause is at most a minute, and as long as the feed asks for", async () => {
    const { options } = feed(
      ...Array.from({ length: 8 }, () => noNetwork),
      status(429, { "retry-after": "7" }),
      status(503, { "retry-after": "86400" }),
    );
    const pauses: number[] = [];
    await withoutWaiting(sequencesOf({ ...options, onTrouble: (_trouble, pauseMs) => void pauses.push(pauseMs) }));
    expect(pauses.slice(-4)).toEqual([60_000, 60_000, 7_000, 60_000]);
  });

  test("a feed that does not hold back an empty page is asked once a second", async () => {
    const { asked, options, ending } = feed(...Array.from({ length: 100 }, () => page("c1")));
    const reading = sequencesOf(options);
    await vi.advanceTimersByTimeAsync(10_500);
    ending.abort();
    await withoutWaiting(reading);
    expect(asked).toHaveLength(11);
  });

  test("tells of events that the feed has lost, and goes on", async () => {
    const gap = () => Response.json({ events: [userEvent("updated", 3)], next: "c3", more: false, gaps: [1, 2] });
    const { options } = feed(gap);
    const troubles: string[] = [];
    expect(
      await withoutWaiting(sequencesOf({ ...options, onTrouble: ({ message }) => void troubles.push(message) })),
    ).toEqual([3]);
    expect(troubles).toEqual([expect.stringMatching(/^The feed has lost the events 1, 2:/)]);
  });

  test.each([
    [400, "cursor"],
    [401, "token"],
    [403, "token"],
    [404, "no-feed"],
    [410, "too-far-back"],
  ])("%i does not pass by itself: the loop ends with %s, in the feed's own words, too", async (code, named) => {
    const { options } = feed(status(code));
    const reading = sequencesOf(options);
    await expect(reading).rejects.toMatchObject({ name: "DirectoryError", code: named });
    await expect(reading).rejects.toThrow("It says: it says why");
  });

  test("an address that is none is told at once", async () => {
    await expect(sequencesOf({ url: "acme", token: "x" })).rejects.toMatchObject({ code: "usage" });
  });

  test("ends when it is told to, also in the middle of a pause", async () => {
    const { options, ending } = feed(page("c2", 1, 2, 3), noNetwork);
    const found: number[] = [];
    for await (const { data } of readEvents({ ...options, onTrouble: () => ending.abort() })) found.push(data.sequence);
    expect(found).toEqual([1, 2, 3]);
  });
});
