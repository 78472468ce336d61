/** Was a table restored, and do both belong to one moment since? */
import { idpWords } from "../idp/idp.ts";
import type { Moments } from "../restore/moments.ts";
import { counted, moment } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts, Told } from "./facts.ts";
import type { StoredTable } from "../operations.ts";

const name = "restore";

export function restoreCheck({ restored, tables, sample, recentLeavers, tokens }: Facts): Check {
  const last = lastRestore(tables);
  const found = { behind: sample.behind + recentLeavers.behind, ahead: sample.ahead + recentLeavers.ahead };
  const isMended =
    last === undefined || (restored !== undefined && restored.since <= last.to && restored.at > last.madeAt);
  if (isMended && found.behind + found.ahead === 0)
    return { name, state: "ok", summary: "Both tables are of one moment, as far as a sample tells." };
  const to = last === undefined ? "<moment>" : new Date(last.to).toISOString();
  return {
    name,
    state: "failure",
    summary: `${last === undefined ? "" : `The ${last.names} restored to ${moment(last.to)}. `}${whatIsWrong(found)}`,
    ...(last === undefined ? {} : { since: last.madeAt }),
    details: [
      lostHere(tokens),
      "Tokens that were revoked since are valid again: `token ls`. One that was made since is unknown: make another.",
    ],
    action: `Bring both together${last === undefined ? "; <moment> is the earlier one of those that they were restored to" : ""}:`,
    command: `resync --restored ${to}`,
  };
}

function whatIsWrong({ behind, ahead }: Moments): string {
  const lacks = behind === 0 ? [] : [`the directory lacks changes of ${counted(behind, "user")}`];
  const has = ahead === 0 ? [] : [`the directory has more than was accepted of ${counted(ahead, "user")}`];
  const found = [...lacks, ...has].join(", and ");
  if (found === "") return "It has not been looked at since whether they fit.";
  return `Of those that were looked at, ${found}.`;
}

interface LastRestore {
  readonly names: string;
  /** The earliest moment to which a table was restored, and the latest at which one was made by it. */
  readonly to: number;
  readonly madeAt: number;
}

function lastRestore(tables: Told<readonly StoredTable[]> | undefined): LastRestore | undefined {
  const all = tables !== undefined && "value" in tables ? tables.value : [];
  const made = all.flatMap(({ table, restoredTo, createdAt }) =>
    restoredTo === undefined ? [] : [{ table, restoredTo, createdAt }],
  );
  if (made.length === 0) return undefined;
  const words = made.map(({ table }) => (table === "scim" ? "Scim table" : "Directory table")).join(" and the ");
  return {
    names: `${words} ${made.length === 1 ? "was" : "were"}`,
    to: Math.min(...made.map(({ restoredTo }) => restoredTo)),
    madeAt: Math.max(...made.map(({ createdAt }) => createdAt)),
  };
}

/** What no command can bring back, and what to press at each identity provider that has a token. */
export function lostHere(tokens: Facts["tokens"]): string {
  return `If the Scim table was restored: what the identity provider sent after that moment is lost here, and it believes that it was taken. Have everything sent again. ${fullSync(tokens)}`;
}

function fullSync(tokens: Facts["tokens"]): string {
  const named = [...new Set(tokens.flatMap(({ idp }) => idp ?? []))];
  const all = named.length === 0 ? [idpWords(undefined)] : named.map((one) => idpWords(one));
  return all.map(({ title, forceAll }) => `At ${title}: ${forceAll}.`).join(" ");
}
