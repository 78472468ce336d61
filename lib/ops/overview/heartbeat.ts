/** The heartbeat of whoever calls with a token: when it was heard, how often it calls, and when it should call again. */
import { firsts, lastContact } from "../../provisioning/contact.ts";
import { defined } from "../../provisioning/head.ts";
import { isAlive, type StoredToken } from "../../provisioning/token.ts";
import { idpWords } from "../idp/idp.ts";
import { rhythmOf } from "../idp/rhythm.ts";

/** Times are milliseconds since 1970, to the minute. */
export interface Heartbeat {
  readonly tokenId: string;
  readonly label: string;
  /** `Microsoft Entra ID`; `the identity provider` when nobody knows which. */
  readonly title: string;
  /** `on-time`, or longer silent than usual, or so long that provisioning is off or cannot reach us. */
  readonly state: "on-time" | "late" | "silent";
  readonly heardAt: number;
  readonly readAt?: number;
  readonly writeAt?: number;
  readonly refusedAt?: number;
  /** From one burst of requests to the next, as it was observed; or else as it is usual there. Units: milliseconds. */
  readonly everyMs?: number;
  readonly isObserved: boolean;
  /** When the next burst should begin; absent where there is no rhythm. It may be past. */
  readonly nextAt?: number;
  /** When its latest bursts began, oldest first. */
  readonly bursts: readonly { readonly at: number }[];
  /** It has done each of these at least once. */
  readonly seen: readonly string[];
}

const minute = 60_000;

/** One for each token that may be used and was; the latest heard first. */
export function heartbeatsOf(tokens: readonly StoredToken[], now: number): Heartbeat[] {
  return tokens
    .filter((token) => isAlive(token, now))
    .flatMap((token) => {
      const heardAt = lastContact(token);
      return heardAt === undefined ? [] : [heartbeatOf(token, heardAt, now)];
    })
    .sort((a, b) => b.heardAt - a.heardAt);
}

function heartbeatOf(token: StoredToken, heardAt: number, now: number): Heartbeat {
  const words = idpWords(token.idp);
  const { usualMs, lateMs, silentMs } = rhythmOf(words, token.cycles);
  const everyMs = usualMs ?? (words.cycleMinutes === undefined ? undefined : words.cycleMinutes * minute);
  const begun = token.cycles.at(-1);
  const nextAt = everyMs === undefined || begun === undefined ? undefined : begun + everyMs;
  const { readAt, writeAt, refusedAt } = token;
  const silence = now - heardAt;
  return {
    tokenId: token.id,
    label: token.label,
    title: words.title,
    state: silence <= lateMs ? "on-time" : silence <= silentMs || words.cycleMinutes === undefined ? "late" : "silent",
    heardAt,
    ...defined({ readAt, writeAt, refusedAt, everyMs, nextAt }),
    isObserved: usualMs !== undefined,
    bursts: token.cycles.map((at) => ({ at })),
    seen: firsts.filter((first) => token.firsts[first] !== undefined),
  };
}
