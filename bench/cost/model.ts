/** Dollars, from what was measured and what AWS asks for it. Pure: the assumptions are here, and printed with the result. */
import type { Sweep, Took, Used } from "./measure.ts";
import { alwaysFree, prices } from "./prices.ts";

/** As the stack has it. Units: GB. */
const memoryGb = { api: 1, worker: 1, sweeper: 1 };
/** START, END and REPORT of an invocation, and a line of the gateway's access log. Units: bytes. */
const platformLogBytes = { invocation: 400, gateway: 350 };
const daysOfMonth = 365 / 12;
const minutesOfMonth = daysOfMonth * 24 * 60;
/** Lambda asks each queue with five pollers, each for 20 seconds at a time, also while nothing is there. */
const idleReceives = 2 * 5 * 3 * minutesOfMonth;
/** The sweep asks each queue how full it is. */
const depthRequests = 2 * minutesOfMonth;
/** Of DynamoDB, for each item and its index entries. */
const itemOverheadBytes = 100;
const gb = 2 ** 30;

export const assumptions = [
  "write and read units: counted by the published rules over 25 requests of each kind, accept and apply together, with token check and evidence; a table that is throttled, or races that are lost, cost more",
  "Lambda: wall time in this process over DynamoDB Local, as a proxy: the emulator is slower than DynamoDB, this machine quicker than a function of 1,024 MB. Each message is a batch of its own, which is the dearest case. Starts of environments are not in it: about 200 ms of one, once in some hundreds of requests",
  "SQS: a send, a receive and a deletion for each message",
  `logs: what the functions wrote, and ${platformLogBytes.invocation} bytes of Lambda's own for each invocation and ${platformLogBytes.gateway} of the gateway for each request; kept for 30 days`,
  `idle: the sweep each minute as measured; the pollers of both queues, 5 each and 20 seconds a poll (${Math.round(idleReceives).toLocaleString("en")} receives a month)`,
  "not in it: data transfer (100 GB a month out are free), KMS, the custom domain, taxes, support",
] as const;

export interface Dollars {
  readonly dynamo: number;
  readonly lambda: number;
  readonly gateway: number;
  readonly queue: number;
  readonly logs: number;
}

export function totalOf({ dynamo, lambda, gateway, queue, logs }: Dollars): number {
  return dynamo + lambda + gateway + queue + logs;
}

/** Of a million requests of a kind. */
export function perMillion(used: Used, { apiMs, workerMs }: Took): Dollars {
  const { write, read, messages, logBytes } = used;
  const million = 1_000_000;
  const platform = (1 + messages) * platformLogBytes.invocation + platformLogBytes.gateway;
  const gbSeconds = (apiMs * memoryGb.api + workerMs * memoryGb.worker) / 1000;
  return {
    dynamo: write * prices.writeUnit.dollars + read * prices.readUnit.dollars,
    lambda: (1 + messages) * prices.invocation.dollars + gbSeconds * prices.compute.dollars * million,
    gateway: prices.gateway.dollars,
    queue: 3 * messages * prices.queue.dollars,
    logs: (((logBytes + platform) * million) / gb) * (prices.log.dollars + prices.logStorage.dollars),
  };
}

export interface Line {
  readonly of: string;
  readonly amount: string;
  readonly dollars: number;
  /** When nothing else in the account uses up what is always free. */
  readonly afterFree: number;
}

export interface Idle {
  readonly sweep: Sweep;
  readonly alarms: number;
  readonly dashboards: number;
  readonly users: number;
  readonly bytesPerUser: number;
  readonly itemsPerUser: number;
}

/** A month in which nobody asks for anything. */
export function idleMonth({ sweep, alarms, dashboards, users, bytesPerUser, itemsPerUser }: Idle): Line[] {
  const [reads, writes] = [sweep.read * minutesOfMonth, sweep.write * minutesOfMonth];
  const gbSeconds = (sweep.ms / 1000) * memoryGb.sweeper * minutesOfMonth;
  const logGb = ((sweep.logBytes + platformLogBytes.invocation) * minutesOfMonth) / gb;
  const stored = (users * (bytesPerUser + itemsPerUser * itemOverheadBytes)) / gb;
  const line = (of: string, amount: number, unit: string, dollars: number, free = 0): Line => {
    const left = amount === 0 ? 0 : Math.max(0, amount - free) / amount;
    return { of, amount: `${shown(amount)} ${unit}`, dollars: dollars * amount, afterFree: dollars * amount * left };
  };
  return [
    line("alarms", alarms, "alarms", prices.alarm.dollars, alwaysFree.alarms),
    // The sweep reports one metric at all times; the others cost in the hours in which something happens.
    line("metrics", 1, "metric", prices.metric.dollars, alwaysFree.metrics),
    line("dashboards", dashboards, "dashboards", prices.dashboard.dollars, alwaysFree.dashboards),
    line(
      "pollers of the queues, and the sweep's look at them",
      (idleReceives + depthRequests) / 1e6,
      "million requests",
      prices.queue.dollars,
      alwaysFree.queueRequests / 1e6,
    ),
    line("sweeps: reads", reads / 1e6, "million units", prices.readUnit.dollars),
    line("sweeps: writes", writes / 1e6, "million units", prices.writeUnit.dollars),
    line(
      "sweeps: invocations",
      minutesOfMonth / 1e6,
      "million",
      prices.invocation.dollars,
      alwaysFree.invocations / 1e6,
    ),
    line("sweeps: compute", gbSeconds, "GB-seconds", prices.compute.dollars, alwaysFree.gbSeconds),
    line("sweeps: schedule", minutesOfMonth / 1e6, "million", prices.schedule.dollars),
    line("sweeps: logs", logGb, "GB", prices.log.dollars + prices.logStorage.dollars, alwaysFree.logGb),
    line(`storage of ${users.toLocaleString("en")} users`, stored, "GB", prices.storage.dollars, alwaysFree.storageGb),
    line("point-in-time recovery", stored, "GB", prices.backup.dollars),
  ];
}

function shown(amount: number): string {
  return amount >= 100 ? Math.round(amount).toLocaleString("en") : String(Number(amount.toPrecision(2)));
}

export interface Example {
  readonly about: string;
  /** How often, by name of the kind. */
  readonly requests: Readonly<Record<string, number>>;
  readonly days: number;
}

/** What an identity provider such as Entra asks: it looks up before it creates, and sends a group's members one by one. */
export const examples: readonly Example[] = [
  {
    about:
      "a month of a tenant with 5,000 users: each day 10 come, 8 leave, 150 change, 60 memberships are added, 500 are looked up",
    days: daysOfMonth,
    requests: {
      "look up by userName": 500,
      "look up somebody who is not there": 10,
      "create a user": 10,
      "patch one attribute": 150,
      "deactivate a user": 8,
      "delete a user": 5,
      "add a member to a group": 60,
      "list a page of 100": 4,
    },
  },
  {
    about: "a first cycle of 50,000 users with 150,000 memberships, one request each",
    days: 1,
    requests: {
      "look up somebody who is not there": 50_000,
      "create a user": 50_000,
      "add a member to a group": 150_000,
    },
  },
];

export function costOf({ requests, days }: Example, perMillionOf: ReadonlyMap<string, Dollars>): number {
  return Object.entries(requests).reduce((sum, [kind, count]) => {
    const dollars = perMillionOf.get(kind);
    if (dollars === undefined) throw new Error(`bench/cost: there is no kind "${kind}"`);
    return sum + (totalOf(dollars) * count * days) / 1_000_000;
  }, 0);
}
