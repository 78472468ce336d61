/** The three functions that every tenant has, and what starts the worker and the sweeper. */
import { Duration } from "aws-cdk-lib";
import type { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { Schedule, ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Construct } from "constructs";
import { type CommonProps, lambdaFunction } from "./lambda-function.ts";
import type { Lane } from "./lane.ts";
import { apiRights, type Stores, sweeperRights, workerRights } from "./rights.ts";
import { schedulerRole } from "./scheduler-role.ts";

export interface FunctionsProps extends CommonProps {
  readonly stores: Stores;
}

/** Also what a lane's visibility time-out is made of. */
export const workerTimeout = Duration.seconds(60);

export class Functions extends Construct {
  readonly api: NodejsFunction;
  readonly worker: NodejsFunction;
  readonly sweeper: NodejsFunction;

  constructor(scope: Construct, id: string, { stores, ...common }: FunctionsProps) {
    super(scope, id);
    this.api = lambdaFunction(this, "Api", common, {
      entry: "api",
      description: "Rollcall: answers SCIM requests and accepts changes",
      memorySize: 1024,
      // The gateway gives up after 30 s: before that, the answer is the function's own.
      timeout: Duration.seconds(28),
      rights: apiRights(stores),
    });
    this.worker = lambdaFunction(this, "Worker", common, {
      entry: "worker",
      description: "Rollcall: applies accepted changes to the directory",
      memorySize: 1024,
      timeout: workerTimeout,
      rights: workerRights(stores),
      sendsToItself: true,
    });
    this.sweeper = lambdaFunction(this, "Sweeper", common, {
      entry: "sweeper",
      description: "Rollcall: sends again what is pending and due",
      // Twice the memory is twice the processor, for half as long: a million changes are sent again in an hour or so.
      memorySize: 1024,
      timeout: Duration.seconds(50),
      rights: sweeperRights(stores),
      // The next minute is the retry.
      retryAttempts: 0,
    });
    new Schedule(this, "EveryMinute", {
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      description: "Rollcall: the sweep",
      target: new LambdaInvoke(this.sweeper, {
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
        // The construct would also grant all versions and aliases, of which there are none.
        role: schedulerRole(this, this.sweeper.functionArn).withoutPolicyUpdates(),
      }),
    });
  }

  /**
   * The worker takes a lane's messages, so many batches at once.
   *
   * Maximum concurrency, not reserved: what one lane does not use is there for the other.
   */
  consume(id: string, lane: Lane, maxConcurrency: number): void {
    this.worker.addEventSourceMapping(id, {
      eventSourceArn: lane.queue.queueArn,
      batchSize: 10,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
