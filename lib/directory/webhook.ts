/**
 * What a webhook brings, verified and typed.
 *
 * Source: the Standard Webhooks specification, whose own library compares the signatures.
 */
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import type { DirectoryEvent as ToldEvent } from "../events/event.ts";
import { DirectoryError, type DirectoryErrorCode } from "./error.ts";
import type { DirectoryTypes, UntypedDirectory, WebhookEvent } from "./types.ts";

/** Those of a request as it came: fetch's `Headers`, or node's. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** `body`: as it came, before anything parsed it. Errors: DirectoryError, whose code says what is wrong with the request. */
export type Verify<Types extends DirectoryTypes> = (
  body: string | Uint8Array,
  headers: WebhookHeaders,
) => WebhookEvent<Types>;

/**
 * Makes the function that an endpoint asks: it gives the event that one of the `secrets` has signed within the last five
 * minutes. `secrets`: those that `rollcall events` shows, `whsec_…`; while they are rotated the old and the new one.
 *
 * Errors: DirectoryError `usage` when there is no secret, or one that is none.
 */
export function onEvent<Types extends DirectoryTypes = UntypedDirectory>({
  secrets,
}: {
  readonly secrets: readonly string[];
}): Verify<Types> {
  const webhooks = secrets.map(webhookOf);
  if (webhooks.length === 0) throw new DirectoryError("usage", "onEvent needs at least one secret, such as whsec_….");
  return (body, headers) => {
    const text = typeof body === "string" ? body : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
    verify(webhooks, text, namedHeaders(headers));
    return eventOf(text) as WebhookEvent<Types>;
  };
}

/** Never shows the secret. */
function webhookOf(secret: string, n: number): Webhook {
  try {
    return new Webhook(secret);
  } catch (error) {
    const told = `secret ${n + 1} is none: expected whsec_ and base64, as rollcall shows it.`;
    throw new DirectoryError("usage", told, { cause: error });
  }
}

const names = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;
type Named = Record<(typeof names)[number], string>;

/** Errors: DirectoryError `headers-missing`. */
function namedHeaders(headers: WebhookHeaders): Named {
  const read =
    headers instanceof Headers
      ? (name: string) => headers.get(name)
      : (name: string) => {
          const key = Object.keys(headers).find((one) => one.toLowerCase() === name);
          const value = key === undefined ? undefined : headers[key];
          return typeof value === "object" ? value.join(" ") : value;
        };
  const found = names.map((name) => [name, read(name) ?? ""] as const);
  const absent = found.filter(([, value]) => value === "").map(([name]) => name);
  if (absent.length === 0) return Object.fromEntries(found) as Named;
  throw new DirectoryError(
    "headers-missing",
    `The request has no ${absent.join(" and no ")}: it is no webhook, or something in front takes headers away.`,
  );
}

/** By what the library says, which tells no more than its text. */
const reasons: Readonly<Record<string, readonly [DirectoryErrorCode, string]>> = {
  "Message timestamp too old": [
    "too-old",
    "The webhook was signed more than five minutes ago: it is a repetition, or this clock is ahead.",
  ],
  "Message timestamp too new": [
    "too-new",
    "The webhook was signed more than five minutes from now: this clock is behind.",
  ],
};
const notSigned = [
  "signature",
  "None of the secrets has signed this: the body was changed or parsed before, or the secret is another sink's.",
] as const;

function verify(webhooks: readonly Webhook[], body: string, headers: Named): void {
  let failure: unknown;
  for (const webhook of webhooks) {
    try {
      webhook.verify(body, headers, { jsonParse: false });
      return;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      failure = error;
    }
  }
  const [code, told] = reasons[failure instanceof Error ? failure.message : ""] ?? notSigned;
  throw new DirectoryError(code, told, { cause: failure });
}

function eventOf(text: string): ToldEvent {
  const read = parsed(text);
  if (isEvent(read)) return read;
  throw new DirectoryError(
    "not-an-event",
    "The body is signed, but is no event of Rollcall's: the secret signs something else, too.",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DirectoryError("not-json", "The body is signed, but is not JSON.", { cause: error });
  }
}

/** An id, a type and data: a later release may tell of more than this one knows. */
export function isEvent(read: unknown): read is ToldEvent {
  if (typeof read !== "object" || read === null) return false;
  const { id, type, data } = read as Partial<Record<string, unknown>>;
  return typeof id === "string" && typeof type === "string" && typeof data === "object" && data !== null;
}
