/** As every identity provider does it: search first, create what is not found, and search again after a 409. */
import { isObject } from "../../scim/json.ts";
import type { ScimAnswer, ScimClient, ScimRequest } from "./scim-client.ts";

export interface Met {
  readonly id: string;
  /** It was there before. */
  readonly matched: boolean;
}

/** Undefined after a failure. */
export async function searchOrCreate(
  client: ScimClient,
  search: ScimRequest,
  create: ScimRequest,
): Promise<Met | undefined> {
  const found = await client.send(search);
  if (found === undefined) return undefined;
  const id = firstId(found);
  if (id !== undefined) return { id, matched: true };
  const created = await client.send({ ...create, alsoFine: [409] });
  if (created === undefined) return undefined;
  if (created.status !== 409) return metAs(created.body["id"], false);
  // A lost answer may have been a success: then what is there is ours.
  const again = await client.send(search);
  const ours = again && firstId(again);
  if (ours !== undefined) return { id: ours, matched: !created.afterLostAnswer };
  // It cannot be found and cannot be made: sent once more, so that the 409 is told as the failure that it is.
  const refused = await client.send(create);
  return refused && metAs(refused.body["id"], false);
}

function firstId({ body }: ScimAnswer): string | undefined {
  const resources = body["Resources"];
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined;
  return isObject(first) && typeof first["id"] === "string" ? first["id"] : undefined;
}

function metAs(id: unknown, matched: boolean): Met | undefined {
  return typeof id === "string" ? { id, matched } : undefined;
}
