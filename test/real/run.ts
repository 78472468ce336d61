/** `npm run test:real`: the contract suites on DynamoDB Local and ElasticMQ, which are stopped in every case. */
import { fileURLToPath } from "node:url";
import { runVitest } from "../report.ts";
import { startDynamoDbLocal, startElasticMq, type Server } from "./servers.ts";

const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url));

// Asked twice, it still stops the servers first.
const interrupted = new AbortController();
process.on("SIGINT", () => interrupted.abort());
process.on("SIGTERM", () => interrupted.abort());

try {
  process.exitCode = (await testOnServers()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function testOnServers(): Promise<boolean> {
  const servers: Server[] = [];
  try {
    const dynamoDb = await startDynamoDbLocal();
    servers.push(dynamoDb);
    const sqs = await startElasticMq();
    servers.push(sqs);
    const env = { REAL_DYNAMODB_URL: dynamoDb.url, REAL_SQS_URL: sqs.url };
    const args = ["--config", config, ...process.argv.slice(2)];
    return (await runVitest(args, { env, signal: interrupted.signal })).ok;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
