/** The address by which the client reached us: every location stands under it (R27). */

type Headers = Readonly<Record<string, string | undefined>>;

export interface Address {
  /** Where the identity provider reaches us, without `/scim/v2`; absent: where the request came to. */
  readonly publicUrl?: string;
  /** A proxy in front overwrites X-Forwarded-Host and X-Forwarded-Proto; otherwise any client could write them. */
  readonly trustsProxy?: boolean;
}

/** Scheme and host of the public address, without a slash at the end. */
export function originOf(domainName: string, headers: Headers, { publicUrl, trustsProxy = false }: Address): string {
  const forwarded = trustsProxy ? forwardedHost(headers) : undefined;
  if (forwarded !== undefined) return `${scheme(headers)}://${forwarded}`;
  return publicUrl ?? `${scheme(headers)}://${domainName}`;
}

/** Of several the first: the proxy that the client spoke to. What is no host name is passed over. */
function forwardedHost(headers: Headers): string | undefined {
  const host = firstOf(headers["x-forwarded-host"]);
  return /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? host : undefined;
}

/** API Gateway overwrites what a client sends here, and so does the embedded gateway unless a proxy is trusted. */
function scheme(headers: Headers): "http" | "https" {
  return firstOf(headers["x-forwarded-proto"]).toLowerCase() === "http" ? "http" : "https";
}

function firstOf(header = ""): string {
  return (header.split(",")[0] ?? "").trim();
}
