/** A store with groups of several sizes, asked through the api handler, and a worker that applies when it is told. */
import { randomUUID } from "node:crypto";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { createApiHandler } from "../lib/handlers/api.ts";
import { invocation } from "../lib/local/context.ts";
import { apply, type Worker } from "../lib/provisioning/apply.ts";
import type { Clock } from "../lib/provisioning/ports.ts";
import { putToken } from "../lib/provisioning/token.ts";
import { createResource } from "../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../lib/scim/resource-type.ts";
import { systemClock } from "../lib/system.ts";
import { hashToken, newToken } from "../lib/token.ts";
import { crowd } from "../test/crowd.ts";
import { apiEvent, type Asked } from "../test/handlers/event.ts";
import { silence } from "../test/local/served.ts";
import { countingTable, type UnitCount } from "./count-units.ts";
import { bodyOfUser, callerOfBench } from "./operations.ts";
import type { Store } from "./stores.ts";

export interface GroupWorld {
  readonly ask: (method: string, target: string, asked?: Asked) => Promise<APIGatewayProxyStructuredResultV2>;
  /** Carries over what is pending of a group. */
  readonly work: (id: string) => Promise<void>;
  /** The same, counted: slower, as it reads around each write. */
  readonly counted: (run: (world: GroupWorld) => Promise<unknown>) => Promise<UnitCount>;
  /** A group with the first so many of the crowd, applied. Its id. */
  readonly newGroup: (size: number) => Promise<string>;
  readonly people: readonly string[];
  readonly pass: (ms: number) => void;
}

/** `people`: so many users, of whom each has a head as accept and apply have written one; groups look at nothing else. */
export async function groupWorld(store: Store, people: number): Promise<GroupWorld> {
  let aheadMs = 0;
  const clock: Clock = { now: () => systemClock.now() + aheadMs, sleep: async (ms) => await systemClock.sleep(ms) };
  const worker: Worker = { ...store.worker, clock };
  const { id, text: token } = newToken();
  await putToken(worker.table, { id, hash: hashToken(token), label: "bench", createdAt: clock.now() });
  const { state } = await createResource(worker, userType, bodyOfUser("model"), callerOfBench());
  await apply(worker, "changes", { type: "User", id: state.id, version: 1 });
  const ids = await crowd(worker.table, state.id, people);
  const worldOn = (w: Worker): GroupWorld => {
    const handler = createApiHandler({ provisioning: w, telemetry: silence });
    return {
      ask: async (method, target, asked = {}) => {
        const headers = { authorization: `Bearer ${token}`, ...asked.headers };
        return await handler(apiEvent(method, `/scim/v2/${target}`, { ...asked, headers }), invocation("api", 28));
      },
      work: async (groupId) => {
        const pointer = { type: "Group", id: groupId, version: 1 };
        // A long walk hands itself over.
        while ((await apply(w, "changes", pointer)).kind === "continues");
      },
      counted: async (run) => {
        const { table, count } = countingTable(w.table);
        await run(worldOn({ ...w, table }));
        return count;
      },
      newGroup: async (size) => {
        const members = ids.slice(0, size).map((value) => ({ value }));
        const body = { displayName: `bench ${randomUUID()}`, members };
        const group = await createResource(w, groupType, body, callerOfBench());
        await worldOn(w).work(group.state.id);
        return group.state.id;
      },
      people: ids,
      pass: (ms) => {
        aheadMs += ms;
      },
    };
  };
  return worldOn(worker);
}
