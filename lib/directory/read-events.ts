/** The feed as an endless list: what an application that was down reads to miss nothing. */
import { DirectoryError } from "./error.ts";
import type { DirectoryEvent, DirectoryTypes, UntypedDirectory } from "./types.ts";
import { isEvent } from "./webhook.ts";

/** Where the feed is, and who asks. */
export interface FeedAddress {
  /** The stack output `FeedUrl`. */
  readonly url: string;
  /** One that reads events: `rollcall token create --for events`. */
  readonly token: string;
  /** Absent: the global one. */
  readonly fetch?: typeof fetch;
}

export interface FeedOptions extends FeedAddress {
  /** The cursor that was kept last. Absent: from the oldest event that there is; `end`: from now on. */
  readonly after?: string | undefined;
  /**
   * Keeps the cursor; called when all events up to it were taken by the loop, and waited for. A process that ends before
   * is given these events again: each has its `id`, and its `sequence` within its subject.
   */
  readonly keep?: (cursor: string) => void | Promise<void>;
  /**
   * How long the feed may hold back an answer when there is nothing new: the longer, the fewer requests, and the more function
   * time is paid for. With 0 it is asked once a second. Units: whole seconds, 0 to 20; 20 unless said otherwise.
   */
  readonly waitSeconds?: number;
  /** Hears why it has to wait, and how long; it goes on by itself. */
  readonly onTrouble?: (trouble: Error, pauseMs: number) => void;
  /** Ends the loop, as soon as the event that it works on is done. */
  readonly signal?: AbortSignal;
}

const waitSecondsMost = 20;
/** How long an empty page is to take at least: a feed that does not hold back is not asked without a pause. */
const emptyPageMs = 1_000;
/** How long an answer may take on top of that. Units: milliseconds. */
const answerMs = 15_000;
const firstPauseMs = 1_000;
const pauseMsMost = 60_000;

/**
 * The events after a cursor, oldest first, and then those that come, for ever. What passes (no network, 429, 5xx) it waits
 * out, with pauses that grow up to a minute.
 *
 * Errors: DirectoryError `token`, `no-feed`, `cursor`, `too-far-back`, `usage`.
 */
export async function* readEvents<Types extends DirectoryTypes = UntypedDirectory>(
  options: FeedOptions,
): AsyncGenerator<DirectoryEvent<Types>, void, undefined> {
  const { keep, onTrouble, signal, waitSeconds = waitSecondsMost } = options;
  if (!Number.isInteger(waitSeconds) || waitSeconds < 0 || waitSeconds > waitSecondsMost)
    throw new DirectoryError("usage", `waitSeconds is a whole number from 0 to ${waitSecondsMost}.`);
  let { after } = options;
  for (let failures = 0; !isOver(signal);) {
    const asked = performance.now();
    const page = await readPage(options, after);
    if (isOver(signal)) return;
    if (page instanceof Trouble) {
      const pauseMs = page.pauseMs ?? Math.min(pauseMsMost, firstPauseMs * 2 ** failures);
      failures += 1;
      onTrouble?.(page, pauseMs);
      await pause(pauseMs, signal);
      continue;
    }
    failures = 0;
    if (page.gaps.length > 0) onTrouble?.(lost(page.gaps), 0);
    for (const event of page.events) {
      yield event as DirectoryEvent<Types>;
      if (isOver(signal)) return;
    }
    if (page.next !== after) await keep?.(page.next);
    after = page.next;
    if (page.events.length === 0) await pause(emptyPageMs - (performance.now() - asked), signal);
  }
}

/**
 * The cursor of this moment, for a new copy of the directory: this first, then all that there is, then `readEvents` from here
 * tells what changed meanwhile.
 *
 * Errors: DirectoryError as above; Error when the feed does not answer.
 */
export async function feedEnd(address: FeedAddress): Promise<string> {
  const page = await readPage(address, "end");
  if (page instanceof Trouble) throw page;
  return page.next;
}

function isOver(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Something that passes. */
class Trouble extends Error {
  readonly pauseMs: number | undefined;

  constructor(message: string, { pauseMs, cause }: { pauseMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = "Trouble";
    this.pauseMs = pauseMs;
  }
}

interface FeedPage {
  readonly events: readonly unknown[];
  readonly next: string;
  /** Positions whose events were lost. */
  readonly gaps: readonly unknown[];
}

function lost(gaps: readonly unknown[]): Trouble {
  return new Trouble(
    `The feed has lost the events ${gaps.join(", ")}: read the entries that they may have told of with users().`,
  );
}

/** Errors: DirectoryError for what does not pass. */
async function readPage(
  options: FeedAddress & Pick<FeedOptions, "signal" | "waitSeconds">,
  after: string | undefined,
): Promise<FeedPage | Trouble> {
  const { token, signal, waitSeconds = waitSecondsMost, fetch: get = fetch } = options;
  const url = pageUrl(options.url, after, waitSeconds);
  const late = AbortSignal.timeout(waitSeconds * 1000 + answerMs);
  let response: Response;
  let text: string;
  try {
    response = await get(url, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      redirect: "error",
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
    text = await response.text();
  } catch (error) {
    return new Trouble("The feed does not answer.", { cause: error });
  }
  if (response.ok) return pageOf(text) ?? new Trouble("What answers at the feed's address is not the feed.");
  refuse(response.status, text);
  return new Trouble(`The feed answered ${response.status}.`, { pauseMs: retryAfterMs(response) });
}

/** Errors: DirectoryError `usage` when the address is none. */
function pageUrl(text: string, after: string | undefined, waitSeconds: number): URL {
  if (!URL.canParse(text))
    throw new DirectoryError("usage", "The feed's url is no address: it is the stack output FeedUrl.");
  const url = new URL(text);
  // Whoever has no cursor yet is to have one at once.
  if (after !== undefined && after !== "end") url.searchParams.set("wait", String(waitSeconds));
  if (after !== undefined) url.searchParams.set("after", after);
  return url;
}

function pageOf(text: string): FeedPage | undefined {
  try {
    const { events, next, gaps = [] } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (!Array.isArray(events) || !events.every(isEvent) || typeof next !== "string" || !Array.isArray(gaps))
      return undefined;
    return { events, next, gaps };
  } catch {
    return undefined;
  }
}

/** Errors: DirectoryError; nothing for what passes. */
function refuse(status: number, said: string): void {
  switch (status) {
    case 400:
      throw new DirectoryError(
        "cursor",
        `The feed does not know the cursor: it is of another tenant, or was changed.${quoted(said)}`,
      );
    case 401:
    case 403:
      throw new DirectoryError(
        "token",
        `The feed refuses the token: it ended, or does not read events.${quoted(said)}`,
      );
    case 404:
      throw new DirectoryError(
        "no-feed",
        `There is no feed at this address: it is the stack output FeedUrl.${quoted(said)}`,
      );
    case 410:
      throw new DirectoryError(
        "too-far-back",
        `What followed the cursor is over its 30 days: take the cursor of feedEnd(), then read everybody with users(), then go on from that cursor.${quoted(said)}`,
      );
  }
}

/** The feed's own words, if it has any. */
function quoted(said: string): string {
  try {
    const { detail } = JSON.parse(said) as Partial<Record<string, unknown>>;
    return typeof detail === "string" ? ` It says: ${detail}` : "";
  } catch {
    return "";
  }
}

function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? "none");
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(pauseMsMost, seconds * 1000) : undefined;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (isOver(signal) || ms <= 0) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
