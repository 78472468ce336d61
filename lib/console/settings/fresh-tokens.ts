/**
 * Tokens that were made a moment ago: the text of each is shown once, to the session that made it.
 *
 * The form is answered with a redirect to the token's page, so that loading that page again makes no second token; the text
 * waits here meanwhile, in memory alone: an address, a log or a cookie must not have it.
 */
import type { Session } from "../sessions.ts";

export interface FreshTokens {
  keep(session: Session, token: { readonly id: string; readonly text: string }): void;
  /** Undefined when this session has not made it, or has seen it. */
  take(session: Session, id: string): string | undefined;
}

export function freshTokens(): FreshTokens {
  // One for a session: whoever makes another has left the first behind.
  const waiting = new WeakMap<Session, { readonly id: string; readonly text: string }>();
  return {
    keep: (session, token) => void waiting.set(session, token),
    take: (session, id) => {
      const token = waiting.get(session);
      if (token?.id !== id) return undefined;
      waiting.delete(session);
      return token.text;
    },
  };
}
