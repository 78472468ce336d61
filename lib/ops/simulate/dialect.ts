/** What one identity provider sends, where another sends something else. */
import type { Person, Team } from "./company.ts";
import type { ScimClient, ScimRequest } from "./scim-client.ts";
import type { Moment } from "./user-resource.ts";

/** A person whom the server knows. */
export interface Known {
  readonly id: string;
  readonly userName: string;
}

/** A change of members, and what it means for the ids that are members after it. */
export interface MemberRequest {
  readonly request: ScimRequest;
  readonly all?: readonly string[];
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface TeamState {
  readonly id: string;
  readonly team: Team;
  /** It was there before: its members are not known. */
  readonly matched: boolean;
  readonly joins: readonly Known[];
  readonly quits: readonly Known[];
}

export interface Dialect {
  /** What an administrator's "test connection" sends. */
  readonly connection: readonly ScimRequest[];
  searchUser(person: Person): ScimRequest;
  createUser(person: Person): ScimRequest;
  /** Brings a user that is there to what it should be now. False after a failure. */
  updateUser(client: ScimClient, id: string, person: Person, now: Moment): Promise<boolean>;
  setManager(client: ScimClient, id: string, person: Person, now: Moment & { managerId: string }): Promise<boolean>;
  deactivate(id: string, person: Person): ScimRequest;
  searchGroup(team: Team): ScimRequest;
  createGroup(team: Team): ScimRequest;
  /** Sends several changes of members of one group at once; otherwise in order, several groups at once. */
  readonly membersAtOnce: boolean;
  /** A list is begun when the one before has ended. */
  memberRequests(team: TeamState): readonly (readonly MemberRequest[])[];
}

export function filterBy(attribute: string, value: string): { filter: string } {
  return { filter: `${attribute} eq ${JSON.stringify(value)}` };
}
