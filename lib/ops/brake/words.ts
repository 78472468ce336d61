/** What the brake is doing, what a decision is about to do, and what it has done, in a sentence each. */
import { age, counted, moment } from "../words.ts";
import type { Brake } from "../../provisioning/tenant.ts";
import type { Allowed, Rejected } from "./decide.ts";
import type { BrakeStatus } from "./status.ts";

/** What is about to be done, in words and as data. */
export interface DecisionPlan {
  readonly text: string;
  readonly people: number;
  /** There is nothing to decide. */
  readonly nothing?: true;
}

/** Whom an allow is about; neither: everybody who is held. */
interface AllowWhich {
  readonly user?: string;
  readonly rejected?: boolean;
}

export function planAllow({ held, rejected, windowMinutes }: BrakeStatus, options: AllowWhich): DecisionPlan {
  if (options.user !== undefined)
    return { people: 1, text: `${options.user} may leave; whoever else is held stays so.` };
  const next = `whoever leaves within the next ${windowMinutes} min`;
  if (options.rejected !== true) {
    const text = held.count === 0 ? `Nobody is held. May leave: ${next}.` : `May leave: ${whom(held)}; and ${next}.`;
    return { people: held.count, text };
  }
  return rejected.count === 0
    ? { people: 0, text: "Nobody is kept by an earlier reject.", nothing: true }
    : { people: rejected.count, text: `May leave after all: ${whom(rejected)}.` };
}

export function planReject({ state, held }: BrakeStatus): DecisionPlan {
  if (held.count > 0)
    return {
      people: held.count,
      text: `Stay active in the directory, until the identity provider says more: ${whom(held)}. The brake is off then, and counts anew.`,
    };
  return state === "off"
    ? { people: 0, text: "The brake is off, and nobody is held.", nothing: true }
    : { people: 0, text: "Nobody is held: whoever left has left. The brake is off then, and counts anew." };
}

export function allowedText({ letGo, allowedUntil }: Allowed): string {
  const sent = `${counted(letGo, "leaver")} sent to the worker.`;
  return allowedUntil === undefined ? sent : `${sent} Everybody may leave until ${moment(allowedUntil)}.`;
}

export function rejectedText({ kept }: Rejected): string {
  return kept === 0
    ? "The brake is off."
    : `${counted(kept, "leaver")} kept as they were. Now mend it at the identity provider.`;
}

export interface StateText {
  readonly tone: "good" | "warn" | "bad";
  readonly text: string;
}

export function stateText({ state, action, held }: BrakeStatus): StateText {
  if (state === "held") return { tone: "bad", text: "on: whoever leaves is held until you decide" };
  if (state === "tripped") return { tone: "warn", text: "tripped; it only tells, and holds nobody" };
  if (held.count > 0) return { tone: "warn", text: "off, and some are still held: run your decision again" };
  return { tone: "good", text: action === "hold" ? "off" : "off (it would only tell, and hold nobody)" };
}

/** Units: milliseconds since 1970. */
export function decisionText({ kind, at, allowedUntil }: NonNullable<BrakeStatus["decision"]>, now: number): string {
  const until =
    allowedUntil === undefined || allowedUntil < now ? "" : `; everybody may leave until ${moment(allowedUntil)}`;
  return `${kind}, ${age(now - at)} ago${until}`;
}

/** How many may leave, and where that stands. */
export function mayLeaveText({ threshold, users }: BrakeStatus, { people, percent }: Brake): string {
  return `${threshold}; tenant file: ${people}, or ${percent} % of ${counted(users, "user")} once ten have left`;
}

/** `3 people: ada, bob and 1 more` */
export function whom({ count, first }: BrakeStatus["held"]): string {
  const more = count - first.length;
  const rest = more > 0 ? ` and ${more.toLocaleString("en")} more` : "";
  return `${count === 1 ? "1 person" : `${count.toLocaleString("en")} people`}: ${first.join(", ")}${rest}`;
}
