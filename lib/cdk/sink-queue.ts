/** The queue of one sink, which keeps the order of each subject, with its dead-letter queue. */
import { Duration } from "aws-cdk-lib";
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { visibilityTimeoutSeconds } from "./lane.ts";

export interface SinkQueueProps {
  readonly deliverTimeout: Duration;
}

/**
 * Far above all tries of a day: `deliver` itself parks what a sink does not take, and a message is received each time that
 * another one of its subject in front of it is tried. What comes here by this number is what `deliver` crashed or failed on, after some 20 hours.
 */
const maxReceiveCount = 100;

export class SinkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { deliverTimeout }: SinkQueueProps) {
    super(scope, id);
    const secured = { fifo: true, enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED };
    this.deadLetters = new Queue(this, "DeadLetters", { ...secured, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, "Queue", {
      ...secured,
      // As fast as there are subjects, not 300 a second in all.
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      // What a queue drops by its age, nobody is told of: as long as SQS keeps anything.
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.seconds(visibilityTimeoutSeconds(deliverTimeout.toSeconds())),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
  }
}
