/** Many calls at once, but not all. */

/**
 * Runs `task` over all inputs, at most `atOnce` at a time; the results stand in the order of the inputs.
 *
 * Errors: the first one, after the tasks that had begun have ended: none goes on behind the back of a Lambda that has
 * answered.
 */
export async function inParallel<In, Out>(
  inputs: readonly In[],
  atOnce: number,
  task: (input: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  const errors: unknown[] = [];
  const rest = inputs.entries();
  const runner = async (): Promise<void> => {
    for (const [place, input] of rest) {
      if (errors.length > 0) return;
      try {
        results[place] = await task(input);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, inputs.length) }, runner));
  if (errors.length > 0) throw errors[0];
  return results;
}

/** `items` in pieces of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
