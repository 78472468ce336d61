/** Is somebody turned away because of the address that the requests come from? */
import { addressList } from "../../address-list.ts";
import { lastContact } from "../../provisioning/contact.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { isAlive } from "../../provisioning/token.ts";
import { isAnotherLetIn } from "../idp/let-in.ts";
import { age, counted } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";
import { isAlone, isCurrent } from "./let-in.ts";

export function addressCheck({ allowFrom }: Tenant, { tokens, refusedAddress, now }: Facts): Check {
  const name = "addresses";
  const { at = 0, address = "", tokenId } = refusedAddress ?? {};
  const newest = Math.max(0, ...tokens.map((token) => lastContact(token) ?? 0));
  const token = tokens.find(({ id }) => id === tokenId);
  const all = isAlone(at, newest) && !isAnotherLetIn(tokens, tokenId, now);
  const isSolved = token === undefined ? !all : (lastContact(token) ?? 0) > at;
  if (refusedAddress === undefined || isSolved || !isCurrent(at, newest, now)) {
    if (allowFrom === undefined) return { name, state: "skipped", summary: "Requests may come from anywhere." };
    return {
      name,
      state: "ok",
      summary: `Requests may come from ${counted(allowFrom.length, "address or range", "addresses and ranges")}; nobody with a token of yours came from elsewhere.`,
    };
  }
  const whose =
    token === undefined ? `a token that is not known here (${tokenId})` : `token ${token.id} ("${token.label}")`;
  // The file here may be newer than the one that was deployed.
  const isListed = allowFrom === undefined || addressList(allowFrom)(address);
  return {
    name,
    state: all && token !== undefined && isAlive(token, now) ? "failure" : "warning",
    summary: `A request with ${whose} came from ${address}, which allowFrom does not name, and was turned away ${age(now - at)} ago${all ? "; since then nobody was let in" : ""}.`,
    since: at,
    action: isListed
      ? "The tenant file here lets the address in: deploy it."
      : "If that is the identity provider, add its range to allowFrom of the tenant file and deploy; if not, somebody else has the token, or its id: revoke it.",
    ...(isListed ? {} : { command: "token ls" }),
  };
}
