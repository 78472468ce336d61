/** What to do about one that is parked, by the code of its failure. */
import { isGivenUp } from "../../provisioning/head.ts";
import type { IdpWords } from "../idp/idp.ts";
import { idp, operator, replay, who } from "./advice.ts";
import type { Action } from "./explanation.ts";
import type { Facts } from "./facts.ts";
import { isMappingFailure } from "./findings.ts";

export function parked(facts: Facts, words: IdpWords): Action[] {
  const { stored } = facts;
  if (stored === undefined) return [];
  if (isGivenUp(stored.head)) {
    return [operator("To take it up again:", `dlq replay --given-up --user ${who(facts)}`)];
  }
  const { failure, id } = stored.head;
  if (isMappingFailure(stored) && stored.failing.length === 0) {
    return [operator("Replay it: the present mapping can carry it.", replay(facts))];
  }
  switch (failure?.code) {
    case "brake-held":
      return [
        operator("See how many are held, and why:", "brake status"),
        operator("If they are meant to leave:", "brake allow"),
        operator("If it is a mistake at the identity provider:", "brake reject"),
      ];
    case "brake-rejected":
      return [
        idp("If the person stays: let it say so, by reactivating them there; that settles it by itself."),
        operator("If the person is to leave after all:", `brake allow --user ${id}`),
      ];
    case "mapping-required-missing":
      return [
        idp(
          `Fill the attribute that the text names; the change that brings it mends this by itself: ${words.forceOneUser}.`,
        ),
        operator("Or mend the mapping in the tenant file and deploy it; then:", replay(facts)),
      ];
    case "mapping-value-unusable":
      return [
        operator(
          "Mend the mapping in the tenant file, such as a row that its table lacks, and deploy it; then:",
          replay(facts),
        ),
        idp(`Or correct the value; the change that brings it mends this by itself: ${words.forceOneUser}.`),
      ];
    case "entry-too-large":
      return [operator("Map fewer attributes in the tenant file and deploy it; then:", replay(facts))];
    default:
      return [
        operator("See what failed, and what else did:", "dlq ls"),
        operator("When the cause is gone:", replay(facts)),
      ];
  }
}
