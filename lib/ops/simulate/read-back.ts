/** Reads everything back through SCIM and compares it with what was sent: users as an import does, groups one by one. */
import { isObject, type Json, type JsonObject } from "../../scim/json.ts";
import type { OnProgress } from "../operations.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { type Compared, compared, type Difference, memberDifference, missingFrom } from "./difference.ts";
import type { Sent } from "./first-cycle.ts";
import type { ScimClient } from "./scim-client.ts";
import { userResource } from "./user-resource.ts";

const pageSize = 100;

export async function readBack(
  client: ScimClient,
  sent: Sent,
  concurrency: number,
  onProgress?: OnProgress,
): Promise<Compared> {
  const differences: Difference[] = [];
  const users = await listUsers(client, (done, total) => onProgress?.(done, total, "reading users back"));
  for (const [person, user] of sent.users) {
    const found = users.get(user.id);
    if (found === undefined) {
      differences.push({ about: person.userName, what: "is not in the list of /Users" });
      continue;
    }
    const missing = missingFrom(userResource(person, user), found);
    if (missing.length > 0)
      differences.push({ about: person.userName, what: `reads back with another ${missing.join(", ")}` });
  }
  let done = 0;
  let members = 0;
  await eachOf(sent.groups, concurrency, async ([team, group]) => {
    const about = team.displayName;
    const answer = await client.send({ kind: "read back", about, method: "GET", path: `/Groups/${group.id}` });
    const found = new Set(texts(answer?.body["members"], "value"));
    const difference = answer === undefined ? "cannot be read back" : memberDifference(group, found);
    if (difference !== undefined) differences.push({ about, what: difference });
    else if (answer?.body["displayName"] !== about)
      differences.push({ about, what: "reads back with another displayName" });
    members += group.members.size;
    done += 1;
    onProgress?.(done, sent.groups.size, "reading groups back");
  });
  return compared({ users: sent.users.size, groups: sent.groups.size, members }, differences);
}

async function listUsers(client: ScimClient, onProgress: OnProgress): Promise<ReadonlyMap<string, JsonObject>> {
  const users = new Map<string, JsonObject>();
  for (let startIndex = 1, total = 1; startIndex <= total; startIndex += pageSize) {
    const query = { startIndex: String(startIndex), count: String(pageSize) };
    const answer = await client.send({ kind: "read back", about: "all users", method: "GET", path: "/Users", query });
    if (answer === undefined) return users;
    total = Number(answer.body["totalResults"]);
    for (const user of elements(answer.body["Resources"])) {
      if (typeof user["id"] === "string") users.set(user["id"], user);
    }
    onProgress(Math.min(total, startIndex + pageSize - 1), total);
  }
  return users;
}

function elements(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}

function texts(list: Json | undefined, name: string): string[] {
  return elements(list).flatMap((element) => (typeof element[name] === "string" ? [element[name]] : []));
}
