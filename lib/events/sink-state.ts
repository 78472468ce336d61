/** What a sink answered last: in all, and about a subject. Written by whoever delivers, read by `explain`, `doctor` and `events status`. */
import { expiresAfter } from "../provisioning/expiry.ts";
import { defined, number, text } from "../provisioning/head.ts";
import { answerKey, sinkKey } from "../provisioning/keys.ts";
import type { Attributes, Table } from "../provisioning/ports.ts";
import { feedDays } from "./feed.ts";

export interface SinkAnswer {
  /** It took the event; else it comes again, or was parked. */
  readonly outcome: "taken" | "later" | "parked";
  /** In the feed. */
  readonly position: number;
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 1 the first time. */
  readonly attempts: number;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** What went wrong, in a sentence: a code of ours, never what the sink said. */
  readonly reason?: string;
  /** Of `later`: when it is tried again. */
  readonly nextAt?: number;
}

/** Errors: TableError. */
export async function noteAnswer(table: Table, sink: string, subject: string, answer: SinkAnswer): Promise<void> {
  const attributes = { ...answerAttributes(answer), expires: expiresAfter(answer.at, feedDays) };
  await table.write({ kind: "put", key: answerKey(subject, sink), attributes });
}

/** Undefined: it was never sent anything about the subject, or nobody remembers. Errors: TableError. */
export async function readAnswer(table: Table, sink: string, subject: string): Promise<SinkAnswer | undefined> {
  const item = await table.get(answerKey(subject, sink));
  return item && answerOf(item.attributes);
}

/** What it answered last in all stands on the sink's own item, beside its secrets. Errors: TableError. */
export async function noteLastAnswer(table: Table, sink: string, answer: SinkAnswer): Promise<void> {
  const taken: Attributes = answer.outcome === "taken" ? { takenAt: answer.at } : {};
  await table.write({
    kind: "update",
    key: sinkKey(sink),
    set: { last: JSON.stringify(answer), ...taken },
  });
}

export interface SinkState {
  readonly last?: SinkAnswer;
  /** When it last took an event, in milliseconds since 1970. */
  readonly takenAt?: number;
}

/** Errors: TableError. */
export async function readSinkState(table: Table, sink: string): Promise<SinkState> {
  const a = (await table.get(sinkKey(sink)))?.attributes ?? {};
  const last = text(a, "last");
  return defined({
    last: last === undefined ? undefined : (JSON.parse(last) as SinkAnswer),
    takenAt: number(a, "takenAt"),
  });
}

function answerAttributes({ status, reason, nextAt, ...answer }: SinkAnswer): Attributes {
  return { ...answer, ...defined({ status, reason, nextAt }) };
}

function answerOf(a: Attributes): SinkAnswer {
  return {
    outcome: (text(a, "outcome") ?? "taken") as SinkAnswer["outcome"],
    position: number(a, "position") ?? 0,
    eventId: text(a, "eventId") ?? "",
    at: number(a, "at") ?? 0,
    attempts: number(a, "attempts") ?? 1,
    ...defined({ status: number(a, "status"), reason: text(a, "reason"), nextAt: number(a, "nextAt") }),
  };
}
