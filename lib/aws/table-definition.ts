/** The tables as CreateTable takes them: for tests and benches. A deployed tenant's are in lib/cdk/tables.ts. */
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import type { TableNames } from "./write-input.ts";

/** The sparse index of heads that wait. */
export const waitingIndex = "waiting";

export function createTableInputs(names: TableNames): CreateTableCommandInput[] {
  const keys = {
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
  } satisfies Partial<CreateTableCommandInput>;
  const keyAttributes = [
    { AttributeName: "pk", AttributeType: "S" as const },
    { AttributeName: "sk", AttributeType: "S" as const },
  ];
  return [
    {
      ...keys,
      TableName: names.scim,
      AttributeDefinitions: [
        ...keyAttributes,
        { AttributeName: "waitKey", AttributeType: "S" },
        { AttributeName: "waitAt", AttributeType: "N" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: waitingIndex,
          KeySchema: [
            { AttributeName: "waitKey", KeyType: "HASH" },
            { AttributeName: "waitAt", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["pendingSince", "reason"] },
        },
      ],
    },
    {
      ...keys,
      TableName: names.directory,
      AttributeDefinitions: keyAttributes,
      ...(names.events !== undefined && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const },
      }),
    },
    ...(names.events === undefined ? [] : [{ ...keys, TableName: names.events, AttributeDefinitions: keyAttributes }]),
  ];
}
