/** An event of type `rollcall.test` to one sink, at once: it is in no feed and is not sent again. */
import type { SendResult } from "../../events/send.ts";
import type { Operations } from "../operations.ts";
import { partsOf } from "./sinks.ts";

export interface TestSent {
  readonly id: string;
  readonly result: SendResult;
}

/** Errors: OperationError when there is no such sink; TableError. */
export async function sendTest(o: Operations, sink: string): Promise<TestSent> {
  const { send } = partsOf(o, sink);
  const id = `test.${o.chance.uuid()}`;
  const timestamp = new Date(o.clock.now()).toISOString();
  const data = { tenant: o.tenant.name, subject: "test" };
  return { id, result: await send({ id, type: "rollcall.test", timestamp, data }) };
}
