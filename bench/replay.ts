/** The replaying server as its parent sees it: started on a free port of loopback, told what to do, and stopped. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Record: forget what was read, and keep what is read from now on. */
export type Order = "record" | "replay";

export interface Ready {
  /** Of the first message alone. */
  readonly url?: string;
}

export interface Replay {
  readonly url: string;
  readonly order: (order: Order) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** `upstream`: the URL of a DynamoDB that answers while it records. */
export async function startReplay(upstream: string): Promise<Replay> {
  const child = fork(join(import.meta.dirname, "replay-server.ts"), [upstream]);
  const answered = async (): Promise<Ready> => {
    const [ready] = await once(child, "message");
    return ready as Ready;
  };
  const { url = "" } = await answered();
  return {
    url,
    order: async (order) => {
      child.send(order);
      await answered();
    },
    stop: async () => {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}
