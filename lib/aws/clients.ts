/** The SDK clients with our limits; region, credentials and `AWS_ENDPOINT_URL` the SDK finds by itself. */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";
import { takeShortPath } from "./short-path.ts";
import { sendSingleWritesOnce } from "./unanswered.ts";

/** An answer takes milliseconds; after three seconds it is lost, and Lambda and the identity provider still have time. */
export const limits = {
  maxAttempts: 3,
  // What a command passes through is put together once, not for each request.
  cacheMiddleware: true,
  // Without `throwOnRequestTimeout` the SDK only logs that the time is over.
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

export function dynamoClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({ ...limits, ...config });
  sendSingleWritesOnce(client);
  takeShortPath(client, "dynamodb");
  return client;
}

export function sqsClient(config: SQSClientConfig = {}): SQSClient {
  const client = new SQSClient({ ...limits, ...config });
  takeShortPath(client, "sqs");
  return client;
}
