/**
 * Requests to addresses that somebody else has chosen, and that must not reach what stands beside this machine.
 *
 * The address that is connected to is the one that was looked at: the check is in the connection's own look-up, so a name that
 * leads elsewhere a moment later (DNS rebinding) leads nowhere. https alone, certificates are checked, redirects are an answer like another.
 */
import { lookup as resolveName } from "node:dns/promises";
import type { LookupAddress } from "node:dns";
import { Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type Post, PostError } from "../events/ports.ts";
import { isPublicAddress } from "./public-address.ts";
import { send } from "./send.ts";

export interface PublicPostOptions {
  /** From the first look-up to the end of the answer. */
  readonly timeoutMs?: number;
  /** In tests: who may be connected to. */
  readonly isAllowed?: (address: string) => boolean;
  /** In tests: where names lead. */
  readonly resolve?: Resolve;
  /** In tests: PEM, beside the authorities that node knows. */
  readonly ca?: string;
}

const timeoutMsUsual = 10_000;

export function publicPost(options: PublicPostOptions = {}): Post {
  const { timeoutMs = timeoutMsUsual, isAllowed = isPublicAddress, ca } = options;
  const { resolve = async (name) => await resolveName(name, { all: true }) } = options;
  const lookup = checkedLookup(resolve, isAllowed);
  // Its own, so that no proxy of the environment comes in between: that one would look names up itself.
  const agent = new Agent({ keepAlive: true, lookup, rejectUnauthorized: true, ...(ca !== undefined && { ca }) });
  return async (url, message) => {
    const { protocol, hostname } = new URL(url);
    if (protocol !== "https:") throw new PostError("not-https");
    const host = hostname.replace(/^\[|\]$/g, "");
    // An address in the URL itself is not looked up.
    if (isIP(host) !== 0 && !isAllowed(host)) throw new PostError("address-not-public");
    return await send({ request, agent, timeoutMs }, url, message);
  };
}

type Resolve = (name: string) => Promise<readonly LookupAddress[]>;
type Addresses = [LookupAddress, ...LookupAddress[]];

function checkedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (name, { all }, give) => {
    void allowedAddresses(name, resolve, isAllowed).then(
      (found) => (all === true ? give(null, found) : give(null, found[0].address, found[0].family)),
      (error: Error) => give(error, ""),
    );
  };
}

/** One address that is not allowed is enough: which of several is taken is not ours to say. Errors: PostError. */
async function allowedAddresses(
  name: string,
  resolve: Resolve,
  isAllowed: (address: string) => boolean,
): Promise<Addresses> {
  const [first, ...others] = await resolve(name).catch((error: unknown) => {
    throw new PostError("address-unknown", { cause: error });
  });
  if (first === undefined) throw new PostError("address-unknown");
  const found: Addresses = [first, ...others];
  if (!found.every(({ address }) => isAllowed(address))) throw new PostError("address-not-public");
  return found;
}
