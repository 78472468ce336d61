/**
 * From the Directory table's stream to the feed, and to the sinks' queues. What cannot be made into an event is noted and
 * left for catch-up: it must not hold up the rest.
 */
import { append, type Appended, type Teller } from "./append.ts";
import { behindPut } from "./behind.ts";
import type { DirectoryChange, SinkQueues } from "./ports.ts";
import { type QueueErrors, queueUp } from "./queue-up.ts";
import type { Telling } from "./telling.ts";
import { subjectOf, tellingsOf } from "./tellings-of.ts";

export type Publisher = Teller & { readonly queues: SinkQueues };

/** A record of the stream. `read` throws for one that is not as we write it. */
export interface StreamRecord extends Pick<DirectoryChange, "pk" | "sk"> {
  readonly read: () => DirectoryChange;
}

export interface Published extends Appended {
  readonly unpublished: readonly Unpublished[];
  readonly queueErrors: QueueErrors;
}

export interface Unpublished {
  readonly subject: string;
  readonly error: unknown;
}

/** `deadline`: until when pointers are sent to queues. Errors: TableError: the records are to be handed over once more, which tells nothing twice. */
export async function publish(p: Publisher, records: readonly StreamRecord[], deadline?: number): Promise<Published> {
  const tellings: Telling[] = [];
  const unpublished: Unpublished[] = [];
  for (const record of records) {
    const subject = subjectOf(record);
    if (subject === undefined) continue;
    try {
      tellings.push(...tellingsOf(p.tenant, record.read()));
    } catch (error) {
      unpublished.push({ subject, error });
    }
  }
  for (const one of unpublished) await noteUnpublished(p, one);
  const appended = await append(p, tellings);
  return { ...appended, unpublished, queueErrors: await queueUp(p, p.queues, deadline) };
}

/** Errors: TableError. */
export async function noteUnpublished({ table, clock }: Teller, { subject, error }: Unpublished): Promise<void> {
  const name = error instanceof Error ? error.name : typeof error;
  await table.write(behindPut({ subject, at: clock.now(), error: name }));
}
