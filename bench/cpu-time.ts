/** CPU of this process while something runs, all its threads together. */

/** Units: milliseconds. A single short call is finer than the clock of CPU time is: measure many, and divide. */
export async function cpuMsOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export interface Times {
  /** Units: milliseconds. */
  readonly wall: number;
  readonly cpu: number;
}

export async function timed(run: () => Promise<unknown>): Promise<Times> {
  const began = performance.now();
  const cpu = await cpuMsOf(run);
  return { wall: performance.now() - began, cpu };
}
