/** Plays an identity provider's first cycle against a SCIM server, and tells how it went. */
import type { Clock } from "../../provisioning/ports.ts";
import { OperationError, type OnProgress, type Operations } from "../operations.ts";
import { company } from "./company.ts";
import { compareDirectory, type DirectoryCompared } from "./compare-directory.ts";
import type { Compared } from "./difference.ts";
import { entra } from "./entra.ts";
import { firstCycle } from "./first-cycle.ts";
import { okta } from "./okta.ts";
import { type Assignment, assignmentOf, plantFaults, type PlantedFault } from "./plant-faults.ts";
import { readBack } from "./read-back.ts";
import { scimClient } from "./scim-client.ts";
import { newTally, type Summary } from "./tally.ts";

export const dialects = { entra, okta } as const;

export interface Simulation {
  readonly idp: keyof typeof dialects;
  readonly users: number;
  readonly groups: number;
  /** The same number: the same people. A second run with it finds those of the first. */
  readonly seed: number;
  /** Ends in `/scim/v2`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly concurrency: number;
  /** Reads everything back through SCIM. */
  readonly verify: boolean;
  /** Compares the Directory too. */
  readonly directory?: Operations;
  /** Seven more people to practise on. Needs `directory`. */
  readonly plantFaults?: boolean;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface Simulated {
  readonly idp: string;
  readonly users: number;
  readonly groups: number;
  readonly memberships: number;
  readonly summary: Summary;
  /** By a signal, before everything was sent: then nothing is verified. */
  readonly stopped: boolean;
  readonly readBack?: Compared;
  readonly directory?: DirectoryCompared;
  readonly planted?: readonly PlantedFault[];
  /** What the identity provider itself has, as an administrator would export it. */
  readonly assignments: readonly Assignment[];
  readonly ok: boolean;
}

/** A server that restarts is back within that. */
const patienceMs = 60_000;
const applyPatienceMs = 120_000;

/** Errors: OperationError when the server does not let us in at all. */
export async function simulate(options: Simulation): Promise<Simulated> {
  const { idp, users, groups, seed, concurrency, directory, onProgress } = options;
  const unreachable = new AbortController();
  const signal = AbortSignal.any([unreachable.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const dialect = dialects[idp];
  await testConnection(options);
  const tally = newTally();
  const onUnreachable = (reason: string) => unreachable.abort(reason);
  const client = scimClient({ ...options, tally, patienceMs, signal, onUnreachable });
  const begun = performance.now();
  const watched = { ...(onProgress && { onProgress }), signal };
  const sent = await firstCycle({
    company: company({ users, groups, seed }),
    dialect,
    client,
    concurrency,
    ...watched,
  });
  const seconds = (performance.now() - begun) / 1000;
  if (unreachable.signal.aborted) throw new OperationError(goneAway(options.baseUrl, unreachable.signal.reason));
  const stopped = signal.aborted;
  const verified = stopped || !options.verify ? undefined : await readBack(client, sent, concurrency, onProgress);
  const compare = stopped ? undefined : directory;
  const inDirectory =
    compare && (await compareDirectory(compare, sent, { concurrency, patienceMs: applyPatienceMs, ...watched }));
  const summary = tally.summary(seconds);
  const planted =
    !stopped && options.plantFaults === true && directory !== undefined
      ? await plantFaults({ ...options, operations: directory })
      : undefined;
  const differences = (verified?.differences ?? 0) + (inDirectory?.differences ?? 0) + (inDirectory?.pending ?? 0);
  return {
    idp,
    users: sent.users.size,
    groups: sent.groups.size,
    memberships: [...sent.groups.values()].reduce((sum, group) => sum + group.members.size, 0),
    summary,
    stopped,
    ...(verified && { readBack: verified }),
    ...(inDirectory && { directory: inDirectory }),
    ...(planted && { planted: planted.faults }),
    assignments: [...[...sent.users.keys()].map(assignmentOf), ...(planted?.assignments ?? [])],
    ok: summary.failed === 0 && differences === 0 && !stopped,
  };
}

function goneAway(baseUrl: string, reason: unknown): string {
  return `${baseUrl} does not answer any more (${String(reason)}): is \`npm start\` running? The same command again goes on with the same people.`;
}

/** As the administrator's button does: one wrong letter in the URL or the token is told at once, not two thousand times. */
async function testConnection(options: Simulation): Promise<void> {
  const tally = newTally();
  const client = scimClient({ ...options, tally, patienceMs: 0 });
  for (const request of dialects[options.idp].connection) {
    const answer = await client.send(request);
    if (answer !== undefined && Array.isArray(answer.body["schemas"])) continue;
    const failure = tally.summary(0).failures[0];
    throw new OperationError(
      `${options.baseUrl} cannot be used: ${failure === undefined ? "its answer is not SCIM" : `${failure.status ?? "no answer (is `npm start` running?)"}, ${failure.detail}`}`,
    );
  }
}
