/** What a reader of the feed asks for: the query of `GET /events`. */
import { ScimError } from "../scim/error.ts";

export interface FeedRequest {
  /** A cursor. Absent: from the oldest event that is kept. `end`: from now on. */
  readonly after?: string;
  readonly limit: number;
  readonly waitSeconds: number;
}

const limitUsual = 100;
const bounds = { limit: [1, 1_000], wait: [0, 20] } as const;
const known = ["after", "limit", "wait"];

/** Errors: ScimError 400, which names the parameter. */
export function feedRequest(query: URLSearchParams): FeedRequest {
  const names = [...query.keys()];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw refused(`there is no parameter "${unknown.slice(0, 64)}"; it takes after, limit and wait`);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) throw refused(`${twice} stands there twice; send it once`);
  const after = query.get("after") ?? undefined;
  return {
    ...(after !== undefined && { after }),
    limit: wholeIn(query, "limit", "events") ?? limitUsual,
    waitSeconds: wholeIn(query, "wait", "seconds") ?? 0,
  };
}

function wholeIn(query: URLSearchParams, name: keyof typeof bounds, units: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const [least, most] = bounds[name];
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw refused(`${name} is "${text.slice(0, 32)}"; send a whole number of ${units} from ${least} to ${most}`);
}

function refused(detail: string): ScimError {
  return new ScimError(400, undefined, detail);
}
