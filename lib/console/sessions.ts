/**
 * Who may look: whoever opened the one-time link that was printed for the operator. It is changed for a cookie, and is good for
 * nothing afterwards.
 *
 * Sessions are kept in memory, so they end with the console.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../provisioning/ports.ts";

export interface Session {
  /** Stands in every form; without it no action is carried out. */
  readonly csrfToken: string;
  /** Values are masked until they are asked for. */
  showsValues: boolean;
  /** A stream that began within it may outlast it. */
  isOver(): boolean;
}

export interface Sessions {
  /** Of the link that opens the console. */
  readonly linkKey: string;
  /** The cookie's value for the key of the link; undefined when it is not that, was used, or is too old. */
  open(linkKey: string): string | undefined;
  find(cookie: string | undefined): Session | undefined;
}

/** A working day: of the link as long as it is not used, and then of the session. */
export const sessionMs = 12 * 60 * 60 * 1000;

export function createSessions(clock: Pick<Clock, "now">): Sessions {
  const linkKey = secret();
  const linkEndsAt = clock.now() + sessionMs;
  // Under the hash, so that looking one up takes no time that tells of it.
  const sessions = new Map<string, Session>();
  let isUsed = false;
  return {
    linkKey,
    open: (key) => {
      if (isUsed || clock.now() > linkEndsAt || !isEqual(key, linkKey)) return undefined;
      isUsed = true;
      const cookie = secret();
      const endsAt = clock.now() + sessionMs;
      sessions.set(hashOf(cookie), { csrfToken: secret(), showsValues: false, isOver: () => clock.now() > endsAt });
      return cookie;
    },
    find: (cookie) => {
      const session = cookie === undefined ? undefined : sessions.get(hashOf(cookie));
      return session?.isOver() === false ? session : undefined;
    },
  };
}

/** In constant time, whatever their lengths. */
export function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
