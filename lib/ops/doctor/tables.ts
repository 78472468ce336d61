/** Are the tables protected as they should be? A table that was restored or adopted has none of it by itself. */
import type { StoredTable } from "../operations.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";

const name = "tables";

export function tablesCheck({ tables }: Facts): Check {
  if (tables === undefined) return { name, state: "skipped", summary: "Embedded: both stand in one file." };
  if ("problem" in tables)
    return {
      name,
      state: "unknown",
      summary: `DynamoDB does not tell: ${tables.problem}`,
      action: "The credentials need dynamodb:DescribeTable, DescribeContinuousBackups and DescribeTimeToLive.",
    };
  const wanting = tables.value.flatMap(problemsOf);
  if (wanting.length === 0)
    return {
      name,
      state: "ok",
      summary: "Both keep every point in time, expire what has ended, and cannot be deleted.",
    };
  const isBroken = tables.value.some(({ hasIndex }) => hasIndex === false);
  return {
    name,
    state: isBroken ? "failure" : "warning",
    summary: "A table lacks what the stack gives to its own: so it is with one that was restored.",
    details: wanting,
    action: "Run what stands behind each.",
  };
}

function problemsOf({ table, tableName, keepsEveryMoment, expires, isProtected, hasIndex }: StoredTable): string[] {
  const title = table === "scim" ? "Scim" : "Directory";
  const aws = (words: string) => `aws dynamodb ${words.replace("<table>", tableName)}`;
  return [
    ...(hasIndex === false ? [`${title}: the index "waiting" is missing: restore the table with its indexes`] : []),
    ...(keepsEveryMoment
      ? []
      : [
          `${title}: no point-in-time recovery: ${aws("update-continuous-backups --table-name <table> --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true")}`,
        ]),
    ...(expires
      ? []
      : [
          `${title}: what has ended stays for ever: ${aws("update-time-to-live --table-name <table> --time-to-live-specification Enabled=true,AttributeName=expires")}`,
        ]),
    ...(isProtected
      ? []
      : [
          `${title}: no deletion protection: ${aws("update-table --table-name <table> --deletion-protection-enabled")}`,
        ]),
  ];
}
