/** What the identity provider knows to be accepted: the oracle of the soak. */

export interface SoakUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string;
  readonly email: string;
  readonly active: boolean;
  readonly title?: string;
  readonly department?: string;
}

export interface SoakGroup {
  readonly id: string;
  readonly displayName: string;
}

export class Known {
  readonly users = new Map<string, SoakUser>();
  readonly groups = new Map<string, SoakGroup>();
  /** By group; all pairs, whoever made them. */
  readonly members = new Map<string, Set<string>>();
  readonly deleted: { readonly type: "User" | "Group"; readonly id: string }[] = [];
  readonly violations: string[] = [];
  readonly counts = { requests: 0, accepted: 0, unanswered: 0, reads: 0 };

  fail(what: string): void {
    this.violations.push(what);
  }

  membersOf(groupId: string): Set<string> {
    const members = this.members.get(groupId) ?? new Set();
    this.members.set(groupId, members);
    return members;
  }

  deleteUser(id: string): void {
    this.users.delete(id);
    this.deleted.push({ type: "User", id });
    for (const members of this.members.values()) members.delete(id);
  }

  deleteGroup(id: string): void {
    this.groups.delete(id);
    this.members.delete(id);
    this.deleted.push({ type: "Group", id });
  }
}
