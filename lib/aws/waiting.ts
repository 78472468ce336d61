/** The sparse index of heads that wait: a GSI, hence eventually consistent, and never asked for an identity provider. */
import { QueryCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Waiting } from "../provisioning/ports.ts";
import { placeholders } from "./expression.ts";
import { numberOf, textOf, type Marshalled } from "./marshal.ts";
import { waitingIndex } from "./table-definition.ts";

export interface WaitingOptions {
  readonly waitKey: string;
  /** Inclusive. */
  readonly before?: number;
  readonly limit: number;
}

export async function listWaiting(
  client: DynamoDBClient,
  tableName: string,
  { waitKey, before, limit }: WaitingOptions,
): Promise<Waiting[]> {
  const p = placeholders();
  const ofKey = `${p.name("waitKey")} = ${p.value(waitKey)}`;
  const until = before === undefined ? "" : ` AND ${p.name("waitAt")} <= ${p.value(before)}`;
  const input = { TableName: tableName, IndexName: waitingIndex, KeyConditionExpression: ofKey + until, ...p.maps() };
  const rows: Waiting[] = [];
  let start: Marshalled | undefined;
  do {
    const page = { Limit: limit - rows.length, ...(start !== undefined && { ExclusiveStartKey: start }) };
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({ ...input, ...page }));
    rows.push(...Items.map((raw) => waitingRow(raw)));
    start = LastEvaluatedKey;
  } while (start !== undefined && rows.length < limit);
  return rows;
}

function waitingRow(raw: Marshalled): Waiting {
  return {
    pk: textOf("pk", raw["pk"]),
    sk: textOf("sk", raw["sk"]),
    waitAt: numberOf("waitAt", raw["waitAt"]),
    pendingSince: numberOf("pendingSince", raw["pendingSince"]),
    ...(raw["reason"] !== undefined && { reason: textOf("reason", raw["reason"]) }),
  };
}
