/** What Lambda tells a function about its invocation. */
import { randomUUID } from "node:crypto";
import type { Context } from "aws-lambda";

/** Units: `seconds` until the function would be stopped; nothing is stopped here, but the function may look. */
export function invocation(functionName: string, seconds: number): Context {
  const end = performance.now() + seconds * 1000;
  const nothing = (): void => {};
  return {
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: "1024",
    awsRequestId: randomUUID(),
    logGroupName: functionName,
    logStreamName: functionName,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => end - performance.now(),
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}
