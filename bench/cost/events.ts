/**
 * Dollars of telling, on top of accept and apply: from units that were measured (`npm run bench -- units`, RESULTS.md of
 * 2026-11-25), list prices, and for a sink what its code calls. Pure.
 */
import { prices } from "./prices.ts";

/** For a change of a user, with values. */
const telling = { alone: { write: 7, read: 5 }, together: { write: 4.1, read: 2.1 } };
/** Put, as the answer about a subject, and the event read from the feed: by the published rules, counted in the code and not measured. */
const delivering = { write: 1, read: 1 };
/** Taken for granted, not measured. Units: ms; GB as the stack has it. */
const [publishMs, deliverMs] = [50, 150];
const [publisherGb, deliverGb] = [1, 0.5];
/** Changes in a batch of the stream, and messages in one of a queue. */
const batches = { alone: [1, 1], together: [50, 10] } as const;
const minutesOfMonth = (365 / 12) * 24 * 60;

export const eventAssumptions = [
  `telling: ${publishMs} ms of the publisher and ${deliverMs} ms of the deliver function for a batch are guessed, not measured; a webhook that is slow to answer costs 0.5 GB for as long`,
  "a sink: a send, a receive and a deletion for each message or batch of ten; one write and one read unit by its code, not measured",
  "logs of both functions, and data transfer to webhooks, are not in it; Lambda reads the stream for nothing",
] as const;

type Sink = "feed" | "webhook" | "bus";

/** Of a million changes of a user, each told by one event, to the feed and to no or one sink. */
function tellingPerMillion(sink: Sink, how: keyof typeof telling): number {
  const [changes, messages] = batches[how];
  const { write, read } = telling[how];
  const feed = units(write, read) + lambda(publishMs, publisherGb) / changes;
  if (sink === "feed") return feed;
  const queue = (3 * prices.fifoQueue.dollars) / messages;
  const sent = units(delivering.write, delivering.read) + queue + lambda(deliverMs, deliverGb) / messages;
  return feed + sent + (sink === "bus" ? prices.bus.dollars : 0);
}

/** What an idle month has more of by one sink: Lambda's five pollers of its queue, 20 seconds a poll, and its alarm. */
function idleSink(): number {
  return ((5 * 3 * minutesOfMonth) / 1e6) * prices.fifoQueue.dollars + prices.alarm.dollars;
}

export function eventTable(): string[] {
  const cells = (sink: Sink) =>
    (["alone", "together"] as const).map((how) => `$${tellingPerMillion(sink, how).toFixed(2)}`).join(" | ");
  return [
    "| a million changes told, on top of accept and apply | each alone | in batches of 50 |",
    "| --- | ---: | ---: |",
    `| feed alone | ${cells("feed")} |`,
    `| feed and one webhook | ${cells("webhook")} |`,
    `| feed and the bus | ${cells("bus")} |`,
    "",
    `An idle month has $${idleSink().toFixed(2)} more for each sink (its queue's pollers, an alarm), and $${(2 * prices.alarm.dollars).toFixed(2)} for the publisher's two alarms.`,
  ];
}

function units(write: number, read: number): number {
  return write * prices.writeUnit.dollars + read * prices.readUnit.dollars;
}

/** Of a million invocations. */
function lambda(ms: number, gb: number): number {
  return prices.invocation.dollars + ms * 1000 * gb * prices.compute.dollars;
}
