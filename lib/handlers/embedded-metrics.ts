/**
 * Metrics in the log, where CloudWatch finds them by itself.
 *
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 */

/** A metric of one line may have so many values. */
const valuesMost = 100;

interface Options<Name extends string> {
  readonly namespace: string;
  /** The one dimension. */
  readonly service: string;
  readonly unitOf: (name: Name) => string;
  readonly print: (line: string) => void;
}

/** Keeps what is counted until `flush`, which prints it as one line; nothing, when nothing was counted. */
export function embeddedMetrics<Name extends string>({
  namespace,
  service,
  unitOf,
  print,
}: Options<Name>): {
  count: (name: Name, value?: number) => void;
  flush: () => void;
} {
  let values = new Map<Name, number[]>();
  const flush = (): void => {
    if (values.size === 0) return;
    const Metrics = [...values.keys()].map((Name) => ({ Name, Unit: unitOf(Name) }));
    const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [["service"]], Metrics }];
    const counted = [...values].map(([name, list]) => [name, list.length === 1 ? list[0] : list]);
    values = new Map();
    const _aws = { Timestamp: Date.now(), CloudWatchMetrics };
    print(`${JSON.stringify({ _aws, service, ...Object.fromEntries(counted) })}\n`);
  };
  return {
    flush,
    count: (name, value = 1) => {
      const list = values.get(name) ?? [];
      values.set(name, list);
      if (list.push(value) === valuesMost) flush();
    },
  };
}
