/** Many things at once, but not too many. */

/**
 * Runs `work` for each item, in order, at most `concurrency` at a time. Once `signal` is aborted nothing new begins; what
 * was begun ends.
 *
 * Errors: the first that `work` throws, after what was begun has ended.
 */
export async function eachOf<T>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const errors: unknown[] = [];
  const iterator = items[Symbol.iterator]();
  const lane = async () => {
    for (;;) {
      if (errors.length > 0 || signal?.aborted === true) return;
      const next = iterator.next();
      if (next.done === true) return;
      await work(next.value).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, lane));
  if (errors.length > 0) throw errors[0];
}
