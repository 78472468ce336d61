/** A value that another resource has: who that is and in what state, so that an administrator knows what to do (R15). */
import { ScimError } from "../scim/error.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { Head } from "./head.ts";

/** 409 `uniqueness`. The id and the state of the other are told, and nothing else of it (R94). */
export class TakenError extends ScimError {
  readonly holder: Head;

  constructor(type: ResourceType, attribute: string, holder: Head) {
    const inactive = holder.resource["active"] === false;
    const cure = inactive
      ? `is inactive; reactivate it by PATCH active true or match it instead of creating another`
      : `is active; match it instead of creating another`;
    super(
      409,
      "uniqueness",
      `"${attribute}" is already used by ${type.name} "${holder.id}", which ${cure}, or send another value`,
    );
    this.name = "TakenError";
    this.holder = holder;
  }
}
