/** Fresh tables in DynamoDB Local. */
import { randomUUID } from "node:crypto";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { dynamoTable } from "../../lib/aws/dynamo-table.ts";
import { createTableInputs } from "../../lib/aws/table-definition.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import { realDynamoClient } from "./clients.ts";

export async function newTable(): Promise<{ table: Table; close(): Promise<void> }> {
  const client = realDynamoClient();
  const id = randomUUID();
  const names = { scim: `scim-${id}`, directory: `directory-${id}` };
  // DynamoDB Local has a table ready at once.
  for (const input of createTableInputs(names)) await client.send(new CreateTableCommand(input));
  return { table: dynamoTable({ client, names }), close: async () => client.destroy() };
}
