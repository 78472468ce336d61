/** What DynamoDB says of a tenant's two tables: whether they were restored, and how they are protected. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { waitingIndex } from "../aws/table-definition.ts";
import type { StoredTable } from "../ops/operations.ts";
import type { TableName } from "../provisioning/ports.ts";

/** Errors: the SDK's. */
export async function storedTables(
  client: DynamoDBClient,
  names: Readonly<Record<"scim" | "directory", string>>,
): Promise<StoredTable[]> {
  return await Promise.all(
    (["scim", "directory"] as const).map(async (table) => await stored(client, table, names[table])),
  );
}

async function stored(client: DynamoDBClient, table: TableName, tableName: string): Promise<StoredTable> {
  const asked = { TableName: tableName };
  const [{ Table }, { ContinuousBackupsDescription }, { TimeToLiveDescription }] = await Promise.all([
    client.send(new DescribeTableCommand(asked)),
    client.send(new DescribeContinuousBackupsCommand(asked)),
    client.send(new DescribeTimeToLiveCommand(asked)),
  ]);
  const { PointInTimeRecoveryStatus } = ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  const { TimeToLiveStatus = "DISABLED", AttributeName } = TimeToLiveDescription ?? {};
  const restoredTo = Table?.RestoreSummary?.RestoreDateTime?.getTime();
  const indexes = Table?.GlobalSecondaryIndexes ?? [];
  return {
    table,
    tableName,
    createdAt: Table?.CreationDateTime?.getTime() ?? 0,
    ...(restoredTo !== undefined && { restoredTo }),
    keepsEveryMoment: PointInTimeRecoveryStatus === "ENABLED",
    expires: TimeToLiveStatus.startsWith("ENABL") && AttributeName === "expires",
    isProtected: Table?.DeletionProtectionEnabled === true,
    ...(table === "scim" && { hasIndex: indexes.some(({ IndexName }) => IndexName === waitingIndex) }),
  };
}
