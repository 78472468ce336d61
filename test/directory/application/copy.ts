/** What the application of docs/directory-schema.md has already: a copy of what it was told, and how far. */
import type { TenantEvent } from "./tenant-types.js";

export const taken: string[] = [];
const saved: { cursor?: string } = {};

export async function savedCursor(): Promise<string | undefined> {
  return await Promise.resolve(saved.cursor);
}

export function saveCursor(cursor: string): void {
  saved.cursor = cursor;
}

export async function take(event: TenantEvent): Promise<void> {
  taken.push(await Promise.resolve(event.id));
}
