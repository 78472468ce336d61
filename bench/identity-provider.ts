/** Requests as identity providers mix them, at a rate or in bursts, and how long each waited for its answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../lib/provisioning/percentile.ts";
import type { JsonObject } from "../lib/scim/json.ts";
import { idOf, patch, user, type Answer } from "../test/local/served.ts";

export type Ask = (method: string, path: string, body?: object) => Promise<Answer>;

export interface Timing {
  readonly what: string;
  readonly ms: number;
  /** 0: there was no answer at all. */
  readonly status: number;
}

export function asking(baseUrl: string, token: string): Ask {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  return async (method, path, body) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: JsonObject = text === "" ? {} : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed };
  };
}

type Request = readonly [what: string, method: string, path: string, body?: object];

export interface People {
  readonly ids: readonly string[];
  readonly groupId: string;
}

/** So many users and a group, to be asked about. */
export async function hire(ask: Ask, count: number): Promise<People> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(idOf(await ask("POST", "/Users", someone(`known${n}`))));
  return { ids, groupId: idOf(await ask("POST", "/Groups", { displayName: "Everybody" })) };
}

export const someone = (name: string): object =>
  user(`${name}@contoso.example`, {
    externalId: `x-${name}`,
    active: true,
    displayName: name,
    name: { givenName: name, familyName: "Load" },
    emails: [{ type: "work", primary: true, value: `${name}@contoso.example` }],
  });

/** The nth request of a mix: look-up, create, read, change, one more member of the one group. */
export function mixed({ ids, groupId }: People, run: string): (n: number) => Request {
  return (n) => {
    const id = ids[Math.floor(n / 5) % ids.length] ?? "";
    const name = `${run}-${n}`;
    switch (n % 5) {
      case 0:
        return ["look-up", "GET", `/Users?filter=${encodeURIComponent(`userName eq "${name}@contoso.example"`)}`];
      case 1:
        return ["create", "POST", "/Users", someone(name)];
      case 2:
        return ["read", "GET", `/Users/${id}`];
      case 3:
        return ["change", "PATCH", `/Users/${id}`, patch({ op: "replace", path: "title", value: name })];
      default:
        return [
          "group +1",
          "PATCH",
          `/Groups/${groupId}`,
          patch({
            op: n % 2 === 0 ? "add" : "remove",
            path: n % 2 === 0 ? "members" : `members[value eq "${id}"]`,
            ...(n % 2 === 0 ? { value: [{ value: id }] } : {}),
          }),
        ];
    }
  };
}

/** One after the other by the clock, whether or not the ones before were answered. */
export async function atRate(ask: Ask, perSecond: number, seconds: number, request: (n: number) => Request) {
  const begun = performance.now();
  const under: Promise<Timing>[] = [];
  for (let n = 0; n < perSecond * seconds; n += 1) {
    await sleep(Math.max(0, begun + (n * 1000) / perSecond - performance.now()));
    under.push(timed(ask, request(n)));
  }
  return await Promise.all(under);
}

/** All at once. */
export async function burst(ask: Ask, count: number, request: (n: number) => Request): Promise<Timing[]> {
  return await Promise.all(Array.from({ length: count }, async (_, n) => await timed(ask, request(n))));
}

async function timed(ask: Ask, [what, method, path, body]: Request): Promise<Timing> {
  const begun = performance.now();
  const status = await ask(method, path, body).then(
    (answer) => answer.status,
    () => 0,
  );
  return { what, status, ms: performance.now() - begun };
}

export const tableHead =
  "| what | requests | p50 ms | p99 ms | worst | p50 ratio | statuses |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |";

export function tableRow(what: string, timings: readonly Timing[], baselineMs: number): string {
  const all = timings.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const [half = 0, most = 0] = [percentile(all, 0.5), percentile(all, 0.99)];
  const statuses = Map.groupBy(timings, ({ status }) => status);
  const told = [...statuses].toSorted(([a], [b]) => a - b).map(([status, some]) => `${some.length} × ${status}`);
  const figures = [half, most, all.at(-1) ?? 0].map((ms) => ms.toFixed(1)).join(" | ");
  return `| ${what} | ${all.length} | ${figures} | ${(half / baselineMs).toFixed(1)} | ${told.join(", ")} |`;
}
