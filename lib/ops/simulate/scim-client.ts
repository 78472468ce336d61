/** A SCIM client that behaves as a cloud identity provider's: it waits as Retry-After says, and outlives short outages. */
import type { Clock } from "../../provisioning/ports.ts";
import { isObject, type JsonObject } from "../../scim/json.ts";
import type { RequestKind, Tally } from "./tally.ts";

export interface ScimRequest {
  readonly kind: RequestKind;
  /** Whom or what it is about, for the list of failures. */
  readonly about: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** `/Users/<id>` */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** Other answers that are no failure: 409 where the caller then looks for what is there. */
  readonly alsoFine?: readonly number[];
}

export interface ScimAnswer {
  readonly status: number;
  /** Empty when there was none. */
  readonly body: JsonObject;
  /** The connection broke before this answer, so an earlier attempt may have been carried out. */
  readonly afterLostAnswer: boolean;
}

export interface ScimClient {
  /** The answer; undefined after a failure, which is then in the tally. */
  send(request: ScimRequest): Promise<ScimAnswer | undefined>;
}

export interface ScimClientOptions {
  /** Ends in `/scim/v2`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  /** How long a server may be away, or busy, before a request fails. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal;
  /** Nobody answered a request for as long as the patience lasts: the next ones would wait as long. */
  readonly onUnreachable?: (reason: string) => void;
}

const mediaType = "application/scim+json";
/** Okta's; Entra's is longer. */
const timeoutMs = 60_000;
const pauseMs = 500;
const pauseMsMost = 5_000;

export function scimClient(options: ScimClientOptions): ScimClient {
  return {
    async send(request) {
      const { clock, tally } = options;
      const deadline = clock.now() + options.patienceMs;
      let afterLostAnswer = false;
      for (let attempt = 0; ; attempt += 1) {
        const attempted = await attemptOnce(options, request);
        if ("answer" in attempted && !isBusy(attempted.answer.status)) {
          return judged(options, request, { ...attempted.answer, afterLostAnswer });
        }
        if (!("answer" in attempted)) afterLostAnswer = true;
        const pause = attempted.retryAfterMs ?? Math.min(pauseMsMost, pauseMs * 2 ** attempt);
        if (options.signal?.aborted === true || clock.now() + pause > deadline) {
          tally.failed(failureOf(request, attempted));
          if (!("answer" in attempted)) options.onUnreachable?.(attempted.reason);
          return undefined;
        }
        tally.retried(request.kind);
        await clock.sleep(pause);
      }
    },
  };
}

type Attempt =
  | { readonly answer: { status: number; body: JsonObject }; readonly retryAfterMs?: number }
  | { readonly reason: string; readonly retryAfterMs?: undefined };

async function attemptOnce(
  { baseUrl, token, tally, clock, fetch: ask = fetch }: ScimClientOptions,
  request: ScimRequest,
): Promise<Attempt> {
  const query = request.query === undefined ? "" : `?${new URLSearchParams(request.query).toString()}`;
  const begun = performance.now();
  try {
    const response = await ask(`${baseUrl}${request.path}${query}`, {
      method: request.method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: mediaType,
        ...(request.body === undefined ? {} : { "content-type": mediaType }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = bodyOf(await response.text());
    tally.answered(request.kind, performance.now() - begun);
    const retryAfterMs = waitOf(response.headers.get("retry-after"), clock.now());
    return { answer: { status: response.status, body }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function isBusy(status: number): boolean {
  return status === 429 || status === 503;
}

/** Source: RFC 9110 section 10.2.3: seconds, or a date. */
function waitOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function judged({ tally }: ScimClientOptions, request: ScimRequest, answer: ScimAnswer): ScimAnswer | undefined {
  if (answer.status < 300 || request.alsoFine?.includes(answer.status) === true) return answer;
  tally.failed(failureOf(request, { answer }));
  return undefined;
}

function failureOf({ kind, about, method, path }: ScimRequest, attempt: Attempt): Parameters<Tally["failed"]>[0] {
  if (!("answer" in attempt)) return { kind, about, detail: `${method} ${path}: ${attempt.reason}` };
  const { status, body } = attempt.answer;
  const detail = typeof body["detail"] === "string" ? body["detail"] : "no detail in the answer";
  return { kind, about, status, detail: `${method} ${path}: ${detail}` };
}

function bodyOf(text: string): JsonObject {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
