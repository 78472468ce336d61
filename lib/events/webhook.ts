/**
 * A webhook: events as signed POST requests.
 *
 * Source: the Standard Webhooks specification; its own library signs.
 */
import { Webhook } from "standardwebhooks";
import type { Clock } from "../provisioning/ports.ts";
import { defined } from "../provisioning/head.ts";
import { type Post, type PostAnswer, PostError, type PostProblem } from "./ports.ts";
import type { Send, SendResult } from "./send.ts";

export interface WebhookOptions {
  readonly url: string;
  readonly post: Post;
  /** Those that are live, `whsec_…`: each signs. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly clock: Clock;
}

export function webhookSend({ url, post, secrets, clock }: WebhookOptions): Send {
  return async (event) => {
    const body = JSON.stringify(event);
    const headers = headersOf(event.id, body, await secrets(), clock.now());
    try {
      return resultOf(await post(url, { headers, body }), clock.now());
    } catch (error) {
      if (!(error instanceof PostError)) throw error;
      return { isTaken: false, reason: problems[error.problem] };
    }
  };
}

/** The time is that of the try, not of the event. */
function headersOf(id: string, body: string, secrets: readonly string[], now: number): Record<string, string> {
  const at = new Date(now);
  return {
    "content-type": "application/json",
    "user-agent": "Rollcall",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(" "),
  };
}

const problems: Readonly<Record<PostProblem, string>> = {
  "not-https": "its address does not begin with https://",
  "address-unknown": "its name leads to no address",
  "address-not-public": "its name leads to an address that is not public, to which nothing is sent",
  certificate: "its certificate is not trusted, has expired or is of another name",
  "timed-out": "it did not answer within 10 seconds",
  connection: "there was no connection, or it broke",
};

function resultOf({ status, retryAfter }: PostAnswer, now: number): SendResult {
  if (status >= 200 && status < 300) return { isTaken: true, status };
  const isToWait = status === 429 || status === 503;
  const retryAfterSeconds = isToWait && retryAfter !== undefined ? secondsOf(retryAfter, now) : undefined;
  return { isTaken: false, reason: reasonOf(status), status, ...defined({ retryAfterSeconds }) };
}

function reasonOf(status: number): string {
  if (status >= 300 && status < 400) return `it answered ${status}, a redirect, which is not followed`;
  if (status === 410) return "it answered 410: it wants no more events; if so, take it out of the tenant file";
  if (status === 401 || status === 403) return `it answered ${status}: does it know the secret of now?`;
  if (status === 429) return "it answered 429: too many at once";
  return `it answered ${status}`;
}

/** Seconds, or an HTTP date. Source: RFC 9110 section 10.2.3. Undefined for what is neither. */
function secondsOf(retryAfter: string, now: number): number | undefined {
  const text = retryAfter.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
