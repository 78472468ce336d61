/**
 * Signature Version 4 of a JSON request: a POST to `/` without a query.
 *
 * Source: IAM user guide, "Create a signed AWS API request". A test compares it with what the SDK signs.
 */
import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Scope {
  readonly region: string;
  /** `dynamodb` */
  readonly service: string;
}

/** By lower-case name; all of them are signed. */
type Headers = Readonly<Record<string, string>>;

/** `20261124T120000Z` */
export function signingDate(milliseconds: number): string {
  const [day = "", time = ""] = new Date(milliseconds).toISOString().split("T");
  return `${day.replaceAll("-", "")}T${time.slice(0, 8).replaceAll(":", "")}Z`;
}

/** The value of `Authorization`. `headers` hold `host` and `x-amz-date`, and with temporary credentials their token. */
export function authorization(headers: Headers, body: string, credentials: Credentials, scope: Scope): string {
  const date = headers["x-amz-date"] ?? "";
  const day = date.slice(0, 8);
  const names = Object.keys(headers).toSorted();
  const signed = names.join(";");
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const asked = sha256(`POST\n/\n\n${lines}\n${signed}\n${sha256(body)}`);
  const within = `${day}/${scope.region}/${scope.service}/aws4_request`;
  const signature = createHmac("sha256", signingKey(credentials, day, scope))
    .update(`AWS4-HMAC-SHA256\n${date}\n${within}\n${asked}`)
    .digest("hex");
  return `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${within}, SignedHeaders=${signed}, Signature=${signature}`;
}

interface SigningKey {
  readonly secret: string;
  readonly day: string;
  readonly region: string;
  /** Node looks longer at bytes that may be a key than at a key. */
  readonly key: KeyObject;
}

/** The last of each service: it is good for a day, and Lambda's credentials for hours. */
const keys = new Map<string, SigningKey>();

function signingKey({ secretAccessKey: secret }: Credentials, day: string, { region, service }: Scope): KeyObject {
  const last = keys.get(service);
  if (last?.secret === secret && last.day === day && last.region === region) return last.key;
  let bytes = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, service, "aws4_request"]) bytes = createHmac("sha256", bytes).update(part).digest();
  const key = createSecretKey(bytes);
  keys.set(service, { secret, day, region, key });
  return key;
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
