/** A message of a sink's queue, read back into the pointer that was sent. */
import * as z from "zod/mini";
import { pointerFormat } from "../provisioning/format.ts";
import type { SinkPointer } from "./ports.ts";

const name = z.string().check(z.minLength(1), z.maxLength(300));

const pointer = z.object({ position: z.int().check(z.minimum(1)), eventId: name, subject: name });

const newer = z.object({ v: z.number().check(z.gt(pointerFormat)) });

/** Undefined for a message that is not ours, "newer" for one that only a later release understands. */
export function readSinkPointer(body: string): SinkPointer | "newer" | undefined {
  try {
    const message: unknown = JSON.parse(body);
    return newer.safeParse(message).success ? "newer" : pointer.safeParse(message).data;
  } catch {
    return undefined;
  }
}
