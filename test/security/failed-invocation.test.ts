/** Lambda prints the error of an invocation that failed with all that is in it, so there is nothing in it (R122). */
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApiHandler } from "../../lib/handlers/api.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import type { Telemetry } from "../../lib/handlers/telemetry.ts";
import { createWorkerHandler } from "../../lib/handlers/worker.ts";
import { invocation } from "../../lib/local/context.ts";
import { sqsEvent } from "../../lib/local/sqs-event.ts";
import { apiEvent } from "../handlers/event.ts";
import { type Harness, harness, listening, type Told } from "../handlers/harness.ts";
import { user } from "../local/served.ts";

const address = "wilhelmina@example.com";
const fault = () =>
  Object.assign(new SyntaxError(`Unexpected token in {"userName":"${address}"`, { cause: new Error(address) }), {
    CancellationReasons: [{ Item: { resource: { S: address } } }],
  });

let api: Harness;
let told: Told;
let telemetry: Telemetry;
beforeEach(async () => {
  api = await harness();
  ({ told, telemetry } = listening());
});
afterEach(() => api.close());

/** As an item that can no longer be read, or a log that cannot be written. */
const failing = (): never => {
  throw fault();
};

const invocations: readonly (readonly [string, () => Promise<unknown>])[] = [
  [
    "the sweeper, on a head that cannot be read",
    async () => {
      await api.ask("POST", "/scim/v2/Users", { body: user(address) });
      await api.provisioning.clock.sleep(120_000);
      const provisioning = {
        ...api.provisioning,
        table: { ...api.provisioning.table, get: failing, batchGet: failing },
      };
      return await createSweeperHandler({ provisioning, telemetry })();
    },
  ],
  [
    "the worker",
    async () => {
      const worker = { ...api.provisioning, workerId: "test" };
      const silent = { ...telemetry, flush: failing };
      const handler = createWorkerHandler({ worker, laneOf: () => "changes", telemetry: silent });
      return await handler(sqsEvent("changes", []), invocation("worker", 60));
    },
  ],
  [
    "the api function",
    async () => {
      const handler = createApiHandler({ provisioning: api.provisioning, telemetry: { ...telemetry, flush: failing } });
      return await handler(apiEvent("GET", "/scim/v2/Users"), invocation("api", 28));
    },
  ],
];

test.each(invocations)(
  "an invocation of %s fails with nothing in its error; the log says what and where",
  async (_, invoke) => {
    const error: unknown = await invoke().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 20 })).not.toContain("wilhelmina");
    expect(JSON.stringify(told)).not.toContain("wilhelmina");
    expect(told.lines.at(-1)).toMatchObject({ level: "error", error: "SyntaxError", cause: "Error" });
    expect(JSON.stringify(told.lines.at(-1)?.["stack"])).toContain("failed-invocation.test.ts");
  },
);
