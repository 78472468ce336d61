/** Amazon's DynamoDB Local and ElasticMQ as child processes: started on free ports, and stopped by pid. */
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import { dynamoDbLocal, elasticMq, toolFolder } from "./tools.ts";

export interface Server {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Returns when the process has gone. */
  stop(): Promise<void>;
}

/** A cold Java start took 10 s on two cores; a busy machine may need several times that. */
const readyMsMax = 90_000;
const stopMsMax = 5000;
/** Found on the PATH; tools.ts has looked that it is there. */
const java = "java";

/** In memory, one table space for all credentials. It listens on all interfaces and has no option for fewer. */
export async function startDynamoDbLocal(): Promise<Server> {
  const folder = await toolFolder(dynamoDbLocal);
  return startJava("DynamoDB Local", (port) => [
    `-Dsqlite4java.library.path=${folder}`,
    "-cp",
    `${folder}/*`,
    "software.amazon.dynamodb.services.local.main.ServerRunner",
    "-port",
    String(port),
    "-sharedDb",
    "-inMemory",
    "-disableTelemetry",
  ]);
}

export async function startElasticMq(): Promise<Server> {
  const folder = await toolFolder(elasticMq);
  return startJava("ElasticMQ", (port) => [
    "-Drest-sqs.bind-hostname=127.0.0.1",
    `-Drest-sqs.bind-port=${port}`,
    "-Drest-sqs.sqs-limits=strict",
    // The queue URLs that it gives out.
    "-Dnode-address.host=127.0.0.1",
    `-Dnode-address.port=${port}`,
    "-Drest-stats.enabled=false",
    "-cp",
    `${folder}/*`,
    "org.elasticmq.server.Main",
  ]);
}

/** Errors: Error with the end of the server's output when it exits or is not ready in time. */
async function startJava(name: string, args: (port: number) => string[]): Promise<Server> {
  const port = await freePort();
  const child = spawn(java, ["-Xmx512m", ...args(port)], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const keep = (text: string): void => {
    output = (output + text).slice(-2000);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  child.on("error", (error) => keep(error.message));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + readyMsMax;
  while (!(await answers(url))) {
    if (!isRunning(child)) throw new Error(`${name} ended before it was ready: ${output}`);
    if (Date.now() > deadline) {
      await stop(child);
      throw new Error(`${name} was not ready after ${readyMsMax} ms: ${output}`);
    }
    await sleep(200);
  }
  return { url, stop: () => stop(child) };
}

/** Any answer will do: a 400 to a request without a signature comes from a server that is ready. */
async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(2000) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
  await gone;
  clearTimeout(impatience);
}
