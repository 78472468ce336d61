/** Entra's first cycle for a small company, played by `rollcall simulate`'s own code against each server. */
import { simulate } from "../../lib/ops/simulate/simulate.ts";
import { systemClock } from "../../lib/system.ts";
import type { CycleResult } from "./results.ts";
import type { RunningServer } from "./server.ts";

const company = { users: 40, groups: 4, concurrency: 4 } as const;

/** Once for each seed: other people, the same kind of company. */
export async function runCycles(contestant: string, server: RunningServer, rounds: number): Promise<CycleResult> {
  const cpuMs: number[] = [];
  let [requests, failed, differences] = [0, 0, 0];
  let firstFailure: string | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const before = await server.cpuMs();
    const played = await simulate({
      idp: "entra",
      ...company,
      seed: 1_000 + round,
      baseUrl: server.baseUrl,
      token: server.token,
      verify: true,
      clock: systemClock,
      fetch: withTheFlag,
    });
    cpuMs.push(((await server.cpuMs()) - before) / played.summary.requests);
    await server.settle();
    requests += played.summary.requests;
    failed += played.summary.failed;
    differences += played.readBack?.differences ?? 0;
    const [failure] = played.summary.failures;
    firstFailure ??= failure && `${failure.kind}: ${failure.status ?? "no answer"}`;
  }
  return { contestant, requests, failed, differences, cpuMs, ...(firstFailure !== undefined && { firstFailure }) };
}

/** With Entra's flag for compliance, for which saml-jackson's directories ask: operations in lower case, booleans as such. */
const withTheFlag: typeof fetch = async (input, init) => {
  if (typeof init?.body !== "string") return await fetch(input, init);
  const body = init.body
    .replaceAll(/"op":"(Add|Replace|Remove)"/g, (_, op: string) => `"op":"${op.toLowerCase()}"`)
    .replaceAll(/"value":"(True|False)"/g, (_, value: string) => `"value":${value.toLowerCase()}`);
  return await fetch(input, { ...init, body });
};
