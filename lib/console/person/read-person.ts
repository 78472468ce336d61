/** All that the page of a person shows, read at once. */
import { type Head, headOf } from "../../provisioning/head.ts";
import { headKey } from "../../provisioning/keys.ts";
import { userType } from "../../scim/resource-type.ts";
import { type Asked, type Facts, readFacts, type Stored } from "../../ops/explain/facts.ts";
import { OperationError, type Operations } from "../../ops/operations.ts";
import { type Groups, groupsOf } from "../../ops/person/groups.ts";

/** Of somebody who is stored. */
export interface PersonFacts extends Facts {
  readonly stored: Stored;
}

export interface Person {
  readonly facts: PersonFacts;
  /** Of a User. */
  readonly groups?: Groups;
  /** One sentence: what was asked cannot be asked. */
  readonly problem?: string;
}

/** Of whatever type has the id; undefined when none has. One read. Errors: TableError. */
export async function headWithId({ table, tenant }: Operations, id: string): Promise<Head | undefined> {
  const items = await table.batchGet(tenant.types.map((type) => headKey(type.id, id)));
  const [found] = items.flatMap((item, n) => (item === undefined ? [] : [headOf(tenant.types[n]?.id ?? "", item)]));
  return found;
}

/** `head`: that of the id. Errors: TableError. */
export async function readPerson(o: Operations, { type, id }: Head, asked: Asked): Promise<Person> {
  const [{ facts, problem }, groups] = await Promise.all([
    factsOf(o, id, asked),
    type === userType.id ? groupsOf(o, id) : undefined,
  ]);
  const { stored } = facts;
  if (stored === undefined) throw new OperationError("It is not stored any more: load the page again.");
  return { facts: { ...facts, stored }, ...(groups && { groups }), ...(problem !== undefined && { problem }) };
}

/** An attribute that there is not is no reason to show nothing. */
async function factsOf(o: Operations, id: string, asked: Asked): Promise<{ facts: Facts; problem?: string }> {
  const { attribute, ...rest } = { ...asked, id };
  try {
    return { facts: await readFacts(o, id, { ...asked, id }) };
  } catch (error) {
    if (attribute === undefined || !(error instanceof OperationError)) throw error;
    return { facts: await readFacts(o, id, rest), problem: error.message };
  }
}
