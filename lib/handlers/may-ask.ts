/**
 * Where a request may come from: HTTP APIs have neither a resource policy nor a firewall, so the function compares the address
 * itself, before it reads any token. The address is that of the connection, never one that a header names.
 */
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { addressList } from "../address-list.ts";
import type { Tenant } from "../provisioning/tenant.ts";
import { ScimError } from "../scim/error.ts";
import { shownTokenId } from "./authenticate.ts";
import { headerOf } from "./http.ts";

/** 403: the tenant file's `allowFrom` does not name the address. */
export class AddressRefused extends ScimError {
  readonly address: string;
  /** Absent: no token of ours by its form. It was not looked at, so anybody may have written it. */
  readonly tokenId: string | undefined;

  constructor(address: string, tokenId: string | undefined) {
    const detail = `requests from ${address} are not accepted here; have your operator add the address, or its range, to allowFrom of the tenant file`;
    super(403, undefined, detail);
    this.address = address;
    this.tokenId = tokenId;
  }
}

/** Errors, of what it returns: AddressRefused. Without a list everybody may ask. */
export function mayAsk({ allowFrom }: Tenant): (event: APIGatewayProxyEventV2) => void {
  if (allowFrom === undefined) return () => {};
  const isListed = addressList(allowFrom);
  return (event) => {
    const { sourceIp } = event.requestContext.http;
    if (!isListed(sourceIp)) throw new AddressRefused(sourceIp, shownTokenId(headerOf(event, "authorization")));
  };
}
