/** Many calls at once, but not all. */

/**
 * Runs `work` for each item, in order, at most `atOnce` at a time. Once `isOver` says so nothing new begins; what was begun
 * ends: nothing goes on behind the back of a Lambda that has answered.
 *
 * Errors: the first that `work` throws, after what was begun has ended.
 */
export async function eachOf<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
  isOver: () => boolean = () => false,
): Promise<void> {
  const errors: unknown[] = [];
  const iterator = items[Symbol.iterator]();
  const runner = async () => {
    while (errors.length === 0 && !isOver()) {
      const next = iterator.next();
      if (next.done === true) return;
      await work(next.value).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, runner));
  if (errors.length > 0) throw errors[0];
}

/** The same with results, in the order of the inputs. */
export async function inParallel<In, Out>(
  inputs: readonly In[],
  atOnce: number,
  task: (input: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  await eachOf(inputs.entries(), atOnce, async ([place, input]) => {
    results[place] = await task(input);
  });
  return results;
}

/**
 * The results of `tasks` in their order, with `atOnce` of them under way. Whoever takes no more waits for what was begun.
 *
 * Errors: that of the task whose turn it is.
 */
export async function* inOrder<T>(tasks: Iterable<() => Promise<T>>, atOnce: number): AsyncGenerator<T> {
  const begun: Promise<T>[] = [];
  const iterator = tasks[Symbol.iterator]();
  const begin = () => {
    const next = iterator.next();
    if (next.done === true) return;
    const task = next.value();
    // Its turn is later: until then nobody listens.
    task.catch(() => {});
    begun.push(task);
  };
  try {
    for (let n = 0; n < atOnce; n += 1) begin();
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) {
      yield await next;
      begin();
    }
  } finally {
    await Promise.allSettled(begun);
  }
}

/** `items` in pieces of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
