/** The CPU of the SDK calls alone that requests made: kept, and sent again by clients as the SDK gives them. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { TableNames } from "../../../lib/aws/write-input.ts";
import { cpuMsOf } from "../../cpu-time.ts";
import { type Call, recordCalls, repeatable, sendAgain } from "../../recorder.ts";
import type { Control } from "../control.ts";

interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
}

interface BareOptions {
  readonly ours: Clients;
  readonly bare: Clients;
  readonly names: TableNames;
  /** Tables and a queue of the same kind, which nobody reads: there it is written again. */
  readonly spare: TableNames;
  readonly spareQueueUrl: string;
}

const warmTimes = 3;

export function bareCalls({ ours, bare, ...elsewhere }: BareOptions): Required<Pick<Control, "record" | "bare">> {
  let recorded: ReturnType<typeof recordCalls> | undefined;
  return {
    record() {
      recorded?.end();
      recorded = recordCalls(ours);
    },
    async bare(times) {
      recorded?.end();
      const kept = recorded?.calls ?? [];
      const calls = kept.map((call) => moved(repeatable(call), elsewhere));
      const [cpuMs, ownCpuMs] = [await cpuOf(bare, calls, times), await cpuOf(ours, calls, times)];
      return { cpuMs, ownCpuMs, calls: kept.map(({ name }) => name.replace(/Command$/, "")) };
    },
  };
}

/** Of all calls once. Units: milliseconds. */
async function cpuOf(clients: Clients, calls: readonly Call[], times: number): Promise<number> {
  for (let n = 0; n < warmTimes; n += 1) await sendAgain(clients, calls);
  const all = async () => {
    for (let n = 0; n < times; n += 1) await sendAgain(clients, calls);
  };
  return (await cpuMsOf(all)) / times;
}

/** Reads stay where they were: an empty answer would be cheaper. */
function moved({ name, input }: Call, { names, spare, spareQueueUrl }: Omit<BareOptions, "ours" | "bare">): Call {
  if (/^(?:Get|BatchGet|Query)/.test(name)) return { name, input };
  const elsewhere = new Map([
    [names.scim, spare.scim],
    [names.directory, spare.directory],
  ]);
  const written = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(written);
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]: [string, unknown]) => {
        if (key === "QueueUrl") return [key, spareQueueUrl];
        if (key === "TableName") return [key, elsewhere.get(String(inner)) ?? inner];
        return [key, key === "Item" || key === "Key" ? inner : written(inner)];
      }),
    );
  };
  return { name, input: written(input) as object };
}
