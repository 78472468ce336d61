/** Deploys several tenants at a time, until all are done, one fails, or the operator stops it. */
import { eachOf } from "../../provisioning/in-parallel.ts";

/** How a deployment ended. Absent: well. */
export type Failure = string | undefined;

export interface RunOptions {
  /** Never rejects. */
  readonly deploy: (tenant: string) => Promise<Failure>;
  readonly atOnce: number;
  /** Goes on with the others when one has failed. */
  readonly keepGoing: boolean;
  /** Aborted: what runs ends, and nothing more begins. */
  readonly signal: AbortSignal;
  /** Milliseconds since any moment. */
  readonly now: () => number;
  readonly onChange: (change: RunChange) => void;
}

export interface RunChange {
  readonly tenant: string;
  /** Absent: it has begun. */
  readonly ended?: DeploymentEnd;
  readonly done: number;
  readonly running: readonly string[];
  readonly left: number;
  /** Milliseconds; absent until one has ended. */
  readonly leftMs?: number;
}

export interface DeploymentEnd {
  readonly tenant: string;
  readonly tookMs: number;
  readonly failure?: string;
}

export interface RunResult {
  readonly ended: readonly DeploymentEnd[];
  readonly notStarted: readonly string[];
  /** The operator wanted it. */
  readonly stopped: boolean;
}

export async function runDeployments(tenants: readonly string[], options: RunOptions): Promise<RunResult> {
  const { deploy, atOnce, keepGoing, signal, now, onChange } = options;
  const ended: DeploymentEnd[] = [];
  const begun = new Map<string, number>();
  const running = new Set<string>();
  const isOver = () => signal.aborted || (!keepGoing && ended.some(({ failure }) => failure !== undefined));
  const tell = (tenant: string, end?: DeploymentEnd) => {
    const left = isOver() ? 0 : tenants.length - begun.size;
    const agesMs = [...running].map((one) => now() - (begun.get(one) ?? 0));
    const leftMs = timeLeft(ended, agesMs, left, atOnce);
    onChange({
      tenant,
      done: ended.length,
      running: [...running],
      left,
      ...(end && { ended: end }),
      ...(leftMs !== undefined && { leftMs }),
    });
  };
  const one = async (tenant: string) => {
    const begunAt = now();
    begun.set(tenant, begunAt);
    running.add(tenant);
    tell(tenant);
    const failure = await deploy(tenant);
    const end = { tenant, tookMs: now() - begunAt, ...(failure !== undefined && { failure }) };
    running.delete(tenant);
    ended.push(end);
    tell(tenant, end);
  };
  await eachOf(tenants, atOnce, one, isOver);
  return { ended, notStarted: tenants.filter((tenant) => !begun.has(tenant)), stopped: signal.aborted };
}

/** As if each took as long as those that ended. */
function timeLeft(
  ended: readonly DeploymentEnd[],
  agesMs: readonly number[],
  left: number,
  atOnce: number,
): number | undefined {
  if (ended.length === 0) return undefined;
  const usualMs = ended.reduce((sum, { tookMs }) => sum + tookMs, 0) / ended.length;
  const ofRunning = agesMs.reduce((sum, ageMs) => sum + Math.max(0, usualMs - ageMs), 0);
  return (ofRunning + left * usualMs) / Math.min(atOnce, Math.max(1, agesMs.length + left));
}
