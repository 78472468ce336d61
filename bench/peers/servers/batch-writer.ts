/** Many items into DynamoDB quickly: 25 in a call, a few calls at once. */
import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";

type Item = NonNullable<NonNullable<WriteRequest["PutRequest"]>["Item"]>;

export interface BatchWriter {
  put(tableName: string, item: Item): Promise<void>;
  /** When everything is there. */
  end(): Promise<void>;
}

const itemsPerCall = 25;
const callsAtOnce = 4;

export const bareClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });

export function batchWriter(endpoint: string): BatchWriter {
  const client = bareClient(endpoint);
  const underWay = new Set<Promise<void>>();
  let waiting: [string, Item][] = [];
  const send = async (): Promise<void> => {
    const RequestItems: Record<string, WriteRequest[]> = {};
    for (const [name, Item] of waiting.splice(0)) (RequestItems[name] ??= []).push({ PutRequest: { Item } });
    const { UnprocessedItems = {} } = await client.send(new BatchWriteItemCommand({ RequestItems }));
    if (Object.keys(UnprocessedItems).length > 0) throw new Error("DynamoDB Local did not take all items of a batch");
  };
  return {
    async put(tableName, item) {
      waiting.push([tableName, item]);
      if (waiting.length < itemsPerCall) return;
      const sending = send().finally(() => underWay.delete(sending));
      underWay.add(sending);
      if (underWay.size >= callsAtOnce) await Promise.race(underWay);
    },
    async end() {
      if (waiting.length > 0) await send();
      await Promise.all(underWay);
      waiting = [];
      client.destroy();
    },
  };
}
