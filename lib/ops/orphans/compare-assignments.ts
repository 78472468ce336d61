/** Who is assigned at the identity provider against who is here. */
import type { Head } from "../../provisioning/head.ts";
import { fold } from "../../scim/text.ts";
import type { Assignment, Assignments } from "./assignments.ts";
import { namesOf, type Person, personOf } from "./person.ts";

export interface Compared {
  readonly assigned: number;
  /** More than half of the active users here are in no row: such an export is mostly one of a part. */
  readonly maybePartial: boolean;
  /** Assigned and active there, unknown here. */
  readonly missing: readonly Assignment[];
  /** Active here, in no row there. */
  readonly extra: readonly Person[];
  readonly different: readonly {
    readonly person: Person;
    readonly row: number;
    readonly there: "active" | "inactive" | "assigned";
  }[];
}

export interface Comparison {
  readonly add: (head: Head) => void;
  readonly end: () => Compared;
}

/** Takes each user that a walk meets; an externalId that is the same outweighs a name that is. */
export function comparison({ people }: Assignments): Comparison {
  const rowsById = new Map(
    people.flatMap((one) => (one.externalId === undefined ? [] : [[fold(one.externalId), one]])),
  );
  const rowsByName = new Map(people.flatMap((one) => (one.name === undefined ? [] : [[fold(one.name), one]])));
  const here = new Map<Assignment, Person>();
  const unmatched: { person: Person; rows: readonly Assignment[] }[] = [];
  return {
    add: (head) => {
      const person = personOf(head);
      const byId = rowsById.get(fold(person.externalId ?? ""));
      if (byId !== undefined) return void here.set(byId, person);
      const rows = namesOf(head.resource).flatMap((name) => rowsByName.get(fold(name)) ?? []);
      unmatched.push({ person, rows });
    },
    end: () => {
      // Only now: somebody whose externalId fits may have come later than somebody whose name does. The active ones first:
      // of two with one name, the other has left.
      const extra: Person[] = [];
      const active = [...here.values(), ...unmatched.map(({ person }) => person)].filter((one) => one.active).length;
      for (const { person, rows } of unmatched.toSorted((a, b) => Number(b.person.active) - Number(a.person.active))) {
        const row = rows.find((one) => !here.has(one));
        if (row !== undefined) here.set(row, person);
        else if (person.active) extra.push(person);
      }
      return {
        assigned: people.length,
        maybePartial: extra.length * 2 > active,
        missing: people.filter((one) => !here.has(one) && one.active !== false),
        extra: extra.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        different: [...here]
          .toSorted(([a], [b]) => a.row - b.row)
          .flatMap(([{ row, active }, person]) => {
            if ((active ?? true) === person.active) return [];
            return [
              { person, row, there: active === undefined ? "assigned" : active ? "active" : "inactive" } as const,
            ];
          }),
      };
    },
  };
}
