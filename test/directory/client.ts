/** The SDK's own client over a wire that ends at a test's store: what an application has, without an AWS. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DatabaseSync } from "node:sqlite";
import { answerRead, type ReadRequest } from "../../lib/local/directory-reads.ts";

/** `meddle`: what is to be answered in place of the store; undefined: the store answers. */
export function clientOn(
  db: DatabaseSync,
  meddle: (operation: string, request: ReadRequest) => object | undefined = () => undefined,
): DynamoDBClient {
  const client = new DynamoDBClient({
    region: "eu-central-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: ReadRequest }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    return meddle(operation, command.input) ?? answerRead(db, operation, command.input);
  };
  return Object.assign(client, { send });
}
