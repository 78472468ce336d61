/** A lane: a standard queue with its dead-letter queue. Order does not matter, the worker looks at the resource. */
import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export interface LaneProps {
  readonly workerTimeout: Duration;
}

/** A worker that crashed on a message five times does so on the sixth: then an operator looks. */
const maxReceiveCount = 5;

export class Lane extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { workerTimeout }: LaneProps) {
    super(scope, id);
    const secured = { enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED };
    this.deadLetters = new Queue(this, "DeadLetters", { ...secured, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, "Queue", {
      ...secured,
      // A dead letter keeps the age it had on the queue: four days here leave ten there to look at it.
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(visibilityTimeoutSeconds(workerTimeout.toSeconds())),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
  }
}

/**
 * How long SQS hides a received message before it may deliver it again.
 *
 * Source: AWS Lambda guide, "Using Lambda with Amazon SQS": six times the function's time-out, so that a throttled
 * batch is not received twice while Lambda still tries it.
 */
export function visibilityTimeoutSeconds(functionTimeoutSeconds: number): number {
  return functionTimeoutSeconds * 6;
}
