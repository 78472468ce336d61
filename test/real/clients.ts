/** Clients of the servers that run.ts has started; both take any credentials. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { dynamoClient, sqsClient } from "../../lib/aws/clients.ts";

const account = { region: "eu-central-1", credentials: { accessKeyId: "real", secretAccessKey: "real" } };
/** Fifty requests at once take an emulator longer than AWS. */
const requestHandler = { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true };

export function realDynamoClient(endpoint = urlFrom("REAL_DYNAMODB_URL")): DynamoDBClient {
  return dynamoClient({ ...account, endpoint, requestHandler });
}

export function realSqsClient(endpoint = urlFrom("REAL_SQS_URL")): SQSClient {
  return sqsClient({ ...account, endpoint, requestHandler });
}

function urlFrom(name: string): string {
  const url = process.env[name];
  if (url === undefined) throw new Error(`${name} is not set: these tests run by \`npm run test:real\``);
  return url;
}
