/** The steps of a rehearsal, told one by one: the first that fails ends it. */

export interface Steps {
  /** What `act` returned. Errors: what it threw, after it was told. */
  readonly step: <T>(name: string, act: () => T | Promise<T>) => Promise<T>;
  /** `N passed, N failed, N skipped`. */
  readonly closingLine: () => string;
}

export function tellSteps(): Steps {
  let [passed, failed] = [0, 0];
  return {
    async step(name, act) {
      const begin = performance.now();
      const seconds = () => `${((performance.now() - begin) / 1000).toFixed(1)} s`;
      try {
        const result = await act();
        passed += 1;
        console.log(`✓ ${name} (${seconds()})`);
        return result;
      } catch (error) {
        failed += 1;
        console.log(`✗ ${name} (${seconds()})\n${error instanceof Error ? error.message : String(error)}`);
        throw error;
      }
    },
    closingLine: () => `${passed} passed, ${failed} failed, 0 skipped`,
  };
}
