/** What a queue is to us: an event names it by its ARN, the configuration by its URL; both end in the queue's name. */

/** By the lane's or the sink's name. Errors of what it gives: one that names the queue, when it is none of ours. */
export function nameOfQueue<Name extends string>(
  queueUrls: Readonly<Record<Name, string>>,
): (queueArn: string) => Name {
  const names = new Map(
    Object.entries<string>(queueUrls).map(([name, url]) => [lastPart(url, "/"), name as Name] as const),
  );
  return (queueArn) => {
    const name = names.get(lastPart(queueArn, ":"));
    if (name === undefined) throw new Error(`The queue ${queueArn} is none of this tenant's; deploy the stack again.`);
    return name;
  };
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
