/** The SDK clients with our limits; region, credentials and `AWS_ENDPOINT_URL` the SDK finds by itself. */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";
import { sendSingleWritesOnce } from "./unanswered.ts";

/** An answer takes milliseconds; after three seconds it is lost, and Lambda and the identity provider still have time. */
const limits = {
  maxAttempts: 3,
  // Without `throwOnRequestTimeout` the SDK only logs that the time is over.
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

export function dynamoClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({ ...limits, ...config });
  sendSingleWritesOnce(client);
  return client;
}

export function sqsClient(config: SQSClientConfig = {}): SQSClient {
  return new SQSClient({ ...limits, ...config });
}
