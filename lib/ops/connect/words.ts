/** What is seen of a new connection, in words. */
import type { First } from "../../provisioning/contact.ts";
import type { TurnedAway } from "./state.ts";

export const whatIsSeen: Readonly<Record<First, string>> = {
  read: "the connection test, or another search",
  user: "the first user",
  update: "the first update of a user",
  group: "the first group",
  deactivation: "the first deactivation",
};

const turnedAway = {
  missing: "without a token: the field for it is empty, or the way of authentication is not a bearer token",
  malformed: "with something that is no token of ours: paste it again, whole, without spaces and without Bearer",
  unknown: "with a token that is not known here: paste the one from above",
  wrongSecret: "with this token's id and another secret: paste it again, whole",
  expired: "with this token, which has expired",
  revoked: "with this token, which was revoked",
  address: "with this token, from an address that allowFrom of the tenant file does not name",
} as const;

/** The rest of a sentence. */
export function turnedAwayText({ why, address }: Pick<TurnedAway, "why" | "address">): string {
  if (address === undefined) return `a request was turned away (401) ${turnedAway[why]}`;
  return `a request from ${address} was turned away (403) ${turnedAway[why]}`;
}
