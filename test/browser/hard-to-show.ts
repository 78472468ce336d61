/** People and groups that a page must neither break on nor be broken by. */
import type { JsonObject } from "../../lib/scim/json.ts";
import { groupSchema, user } from "../local/served.ts";

type Ask = (method: string, path: string, body?: object) => Promise<JsonObject>;

const named = {
  script: ["<script>alert(1)</script>", "script@example.com"],
  rightToLeft: ["ليلى العمراني", "layla@example.com"],
  long: [`${"Wolfeschlegelsteinhausenbergerdorff".repeat(3)} the Elder`, `${"long".repeat(14)}@example.com`],
  mark: ['"><img src=x onerror=alert(1)>', "mark@example.com"],
} as const;

/** The id of each. */
export async function hardToShow(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {};
  for (const [key, [displayName, mail]] of Object.entries(named)) {
    const emails = [{ value: mail, type: "work", primary: true }];
    const userName = key === "script" ? displayName : mail;
    ids[key] = idOf(await ask("POST", "/Users", user(userName, { displayName, emails })));
  }
  const members = Object.values(ids).map((value) => ({ value }));
  const displayName = "<b>Board</b> مجلس الإدارة";
  ids["group"] = idOf(await ask("POST", "/Groups", { schemas: [groupSchema], displayName, members }));
  return ids;
}

function idOf({ id, detail }: JsonObject): string {
  if (typeof id === "string") return id;
  throw new Error(`nobody was made: ${JSON.stringify(detail)}`);
}
