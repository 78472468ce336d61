import { groupType, userType } from "../scim/resource-type.ts";

/** A resource type as it stands in a sentence: `user`, `group`, `Device`. */
export function nounOf(type: string): string {
  return type === userType.id || type === groupType.id ? type.toLowerCase() : type;
}
