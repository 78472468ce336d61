/** One of our functions: its code bundled by esbuild on this machine, its role written by hand, its own log group. */
import { join } from "node:path";
import type { Duration } from "aws-cdk-lib";
import { type PolicyStatement, PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import type { Construct } from "constructs";
import type { FunctionEnvironment } from "../config.ts";
import { bundling, projectRoot } from "./bundling.ts";
import { log, type LogProps } from "./log.ts";
import { logRights } from "./rights.ts";

/** What all functions of a tenant have in common. */
export interface CommonProps extends LogProps {
  readonly tenantPath: string;
  readonly environment: FunctionEnvironment;
}

export interface FunctionProps {
  /** The file in `functions`. */
  readonly entry: "api" | "worker" | "sweeper" | "publisher" | "deliver" | "feed" | "oauth";
  readonly description: string;
  readonly memorySize: number;
  readonly timeout: Duration;
  /** Of asynchronous invocations. */
  readonly retryAttempts?: number;
  readonly rights: readonly PolicyStatement[];
  /** Besides what all have. */
  readonly environment?: Partial<FunctionEnvironment>;
  /** Sends messages that come back to it. */
  readonly sendsToItself?: boolean;
}

export function lambdaFunction(
  scope: Construct,
  id: string,
  common: CommonProps,
  props: FunctionProps,
): NodejsFunction {
  const { entry, rights, environment, sendsToItself = false, ...sizes } = props;
  const logGroup = log(scope, `${id}Log`, common);
  const statements = [...rights, logRights(logGroup.logGroupArn)];
  return new NodejsFunction(scope, id, {
    ...sizes,
    entry: join(projectRoot, `functions/${entry}.ts`),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    environment: { ...common.environment, ...environment },
    logGroup,
    // The rights stand in the role itself: it is whole before a queue is connected to the function.
    role: new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: { rights: new PolicyDocument({ statements }) },
    }),
    // Lambda ends a chain of about 16 messages to oneself as a runaway; ours ends when nothing is pending.
    ...(sendsToItself ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
    projectRoot,
    depsLockFilePath: join(projectRoot, "package-lock.json"),
    bundling: bundling(common.tenantPath),
  });
}
