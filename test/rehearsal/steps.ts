/** The steps of a rehearsal, told one by one with how long each took. */

export interface Told {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly ms: number;
}

export interface Steps {
  /** What `act` returned. Errors: what it threw, after it was told: the rehearsal ends there. */
  readonly step: <T>(name: string, act: () => T | Promise<T>) => Promise<T>;
  /** A step that was taken elsewhere: the rehearsal goes on, whatever its outcome. */
  readonly tell: (told: Told) => void;
  readonly failed: () => boolean;
  /** `N passed, N failed, N skipped`. */
  readonly closingLine: () => string;
}

const signs = { passed: "✓", failed: "✗", skipped: "-" };

export function tellSteps(): Steps {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const tell = ({ name, outcome, ms }: Told) => {
    count[outcome] += 1;
    console.log(`${signs[outcome]} ${name} (${(ms / 1000).toFixed(1)} s)`);
  };
  return {
    async step(name, act) {
      const begin = performance.now();
      try {
        const result = await act();
        tell({ name, outcome: "passed", ms: performance.now() - begin });
        return result;
      } catch (error) {
        tell({ name, outcome: "failed", ms: performance.now() - begin });
        console.log(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
    tell,
    failed: () => count.failed > 0,
    closingLine: () => `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`,
  };
}
