/** While saml-jackson's own code fills its store, its single puts are gathered into batches: what is written stays as it is. */
import type { WriteRequest } from "@aws-sdk/client-dynamodb";
import { batchWriter } from "./batch-writer.ts";

/** The copy of the SDK that saml-jackson has loaded. */
export interface Sdk {
  readonly DynamoDBClient: { readonly prototype: { send(command: Command): Promise<unknown> } };
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly TableName?: string;
    readonly Item?: NonNullable<WriteRequest["PutRequest"]>["Item"];
    readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[]>>;
  };
}

/** Until it is ended. Errors: Error for a command that is no put. */
export function gatherWrites({ DynamoDBClient }: Sdk, endpoint: string): { readonly end: () => Promise<void> } {
  const writer = batchWriter(endpoint);
  const { prototype } = DynamoDBClient;
  const inherited: unknown = Reflect.get(prototype, "send");
  prototype.send = async ({ constructor: { name }, input }: Command) => {
    if (name === "PutItemCommand" && input.Item !== undefined) await writer.put(input.TableName ?? "", input.Item);
    else if (name === "BatchWriteItemCommand") await putAll(input.RequestItems ?? {});
    else throw new Error(`a ${name} while the store is filled`);
    return {};
  };
  const putAll = async (all: Readonly<Record<string, readonly WriteRequest[]>>): Promise<void> => {
    for (const [table, requests] of Object.entries(all))
      for (const { PutRequest } of requests)
        if (PutRequest?.Item !== undefined) await writer.put(table, PutRequest.Item);
  };
  return {
    end: async () => {
      Reflect.set(prototype, "send", inherited);
      await writer.end();
    },
  };
}
