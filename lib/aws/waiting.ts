/** The sparse index of heads that wait, and of the log by time: a GSI, hence eventually consistent, and never asked for an identity provider. */
import { QueryCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Waiting, WaitingRange } from "../provisioning/ports.ts";
import { placeholders } from "./expression.ts";
import { marshalKey, numberOf, textOf, type Marshalled } from "./marshal.ts";
import { waitingIndex } from "./table-definition.ts";

export interface WaitingOptions extends WaitingRange {
  readonly waitKey: string;
}

export async function listWaiting(
  client: DynamoDBClient,
  tableName: string,
  { waitKey, before, after, descending = false, limit }: WaitingOptions,
): Promise<Waiting[]> {
  const p = placeholders();
  const ofKey = `${p.name("waitKey")} = ${p.value(waitKey)}`;
  const until = before === undefined ? "" : ` AND ${p.name("waitAt")} <= ${p.value(before)}`;
  const input = {
    TableName: tableName,
    IndexName: waitingIndex,
    KeyConditionExpression: ofKey + until,
    ScanIndexForward: !descending,
    ...p.maps(),
  };
  const rows: Waiting[] = [];
  let start = after && startKey(waitKey, after);
  do {
    const page = { Limit: limit - rows.length, ...(start !== undefined && { ExclusiveStartKey: start }) };
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({ ...input, ...page }));
    rows.push(...Items.map((raw) => waitingRow(raw)));
    start = LastEvaluatedKey;
  } while (start !== undefined && rows.length < limit);
  return rows;
}

function startKey(waitKey: string, { pk, sk, waitAt }: NonNullable<WaitingRange["after"]>): Marshalled {
  return { ...marshalKey({ pk, sk }), waitKey: { S: waitKey }, waitAt: { N: String(waitAt) } };
}

function waitingRow(raw: Marshalled): Waiting {
  return {
    pk: textOf("pk", raw["pk"]),
    sk: textOf("sk", raw["sk"]),
    waitAt: numberOf("waitAt", raw["waitAt"]),
    pendingSince: raw["pendingSince"] === undefined ? 0 : numberOf("pendingSince", raw["pendingSince"]),
    ...(raw["reason"] !== undefined && { reason: textOf("reason", raw["reason"]) }),
  };
}
