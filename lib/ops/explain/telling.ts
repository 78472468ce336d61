/** What the application was told of a resource, and what each sink answered last about it. Reads by key alone. */
import { entrySubject, membersSubject } from "../../events/event.ts";
import { readAnswer, type SinkAnswer } from "../../events/sink-state.ts";
import { readTold, type Told } from "../../events/told.ts";
import type { Head } from "../../provisioning/head.ts";
import { groupType } from "../../scim/resource-type.ts";
import { defined } from "../../provisioning/head.ts";
import type { Operations } from "../operations.ts";

/** Of the entry, and of a group also of its members. */
export interface Telling {
  readonly entry: SubjectTold;
  readonly members?: SubjectTold;
}

export interface SubjectTold {
  /** Absent: nothing was ever told of it. */
  readonly told?: Told;
  /** In the order of the tenant file. */
  readonly sinks: readonly { readonly name: string; readonly answer?: SinkAnswer }[];
}

/** Undefined: the tenant file has no `events`. Errors: TableError. */
export async function readTelling(o: Operations, { type, id }: Head): Promise<Telling | undefined> {
  const { events } = o.tenant;
  if (events === undefined) return undefined;
  const about = async (subject: string): Promise<SubjectTold> => {
    const [told, ...answers] = await Promise.all([
      readTold(o.table, subject),
      ...events.sinks.map(({ name }) => readAnswer(o.table, name, subject)),
    ]);
    const sinks = events.sinks.map(({ name }, n) => ({ name, ...defined({ answer: answers[n] }) }));
    return { sinks, ...defined({ told }) };
  };
  const [entry, members] = await Promise.all([
    about(entrySubject(type, id)),
    type === groupType.id ? about(membersSubject(id)) : undefined,
  ]);
  return { entry, ...defined({ members }) };
}
