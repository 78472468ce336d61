/** A message of a lane, read back into the pointer that was sent. */
import * as z from "zod/mini";
import { pointerFormat } from "../provisioning/format.ts";
import type { Pointer } from "../provisioning/ports.ts";

const pointer = z.object({
  type: z.string().check(z.minLength(1), z.maxLength(64)),
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  version: z.int().check(z.minimum(1)),
  roles: z.exactOptional(z.int().check(z.minimum(0))),
});

const newer = z.object({ v: z.number().check(z.gt(pointerFormat)) });

/** Undefined for a message that is not ours, "newer" for one that only a later release understands; what is not known in a pointer is left out. */
export function readPointer(body: string): Pointer | "newer" | undefined {
  try {
    const message: unknown = JSON.parse(body);
    return newer.safeParse(message).success ? "newer" : pointer.safeParse(message).data;
  } catch {
    return undefined;
  }
}
