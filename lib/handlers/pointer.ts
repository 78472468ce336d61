/** A message of a lane, read back into the pointer that was sent. */
import * as z from "zod/mini";
import type { Pointer } from "../provisioning/ports.ts";

const pointer = z.object({
  type: z.string().check(z.minLength(1), z.maxLength(64)),
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  version: z.int().check(z.minimum(1)),
  roles: z.exactOptional(z.int().check(z.minimum(0))),
});

/** Undefined for a message that is not ours. */
export function readPointer(body: string): Pointer | undefined {
  try {
    return pointer.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
