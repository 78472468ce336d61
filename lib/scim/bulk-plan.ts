/**
 * In which order the operations of a bulk request are done, and which of them may be done side by side.
 *
 * Source: RFC 7644 section 3.7: a resource is made before it is referred to, whatever the order of the request; what
 * concerns one resource keeps the request's order. Circular references (section 3.7.1) are broken by creating one
 * resource without the reference, which a second step adds.
 */
import type { BulkOperation } from "./bulk.ts";
import { referenceIn, referencesOf } from "./bulk-reference.ts";
import { ScimError } from "./error.ts";
import type { Json } from "./json.ts";

/** A step of the plan. Every number in `after` is that of an earlier step, so a plan cannot wait for itself. */
export interface Step {
  /** Its number in the request. */
  readonly operation: number;
  /** `references`: only adds what `deferred` names, to a resource that is there by now. */
  readonly kind: "operation" | "references";
  /** The bulkIds that are left out at first. */
  readonly deferred: ReadonlySet<string>;
  /** The steps that have to end before this one begins. */
  readonly after: readonly number[];
}

export interface Plan {
  readonly steps: readonly Step[];
  /** Of each operation, why it cannot be done at all. */
  readonly refused: ReadonlyMap<number, ScimError>;
}

/** Recursion is as deep as references are long: at most the number of operations. */
export function planBulk(operations: readonly BulkOperation[]): Plan {
  const facts = operations.map(factsOf);
  const makers = makersOf(operations);
  const refused = refusedOf(operations, facts, makers);
  const order = creationOrder(operations, facts, makers);
  return { steps: withWaiting(order, operations, facts, makers), refused };
}

interface Facts {
  /** The bulkIds in its data. */
  readonly inData: ReadonlySet<string>;
  readonly inPath: string | undefined;
}

type Ordered = Omit<Step, "after">;

function factsOf({ asked }: BulkOperation): Facts {
  if (asked instanceof ScimError) return { inData: new Set(), inPath: undefined };
  return { inData: asked.data === undefined ? new Set() : referencesOf(asked.data), inPath: referenceIn(asked.target) };
}

/** Which operation makes the resource that a bulkId stands for. */
function makersOf(operations: readonly BulkOperation[]): Map<string, number> {
  const makers = new Map<string, number>();
  for (const [n, { bulkId, method }] of operations.entries())
    if (bulkId !== undefined && method.toUpperCase() === "POST") makers.set(bulkId, n);
  return makers;
}

function refusedOf(
  operations: readonly BulkOperation[],
  facts: readonly Facts[],
  makers: ReadonlyMap<string, number>,
): Map<number, ScimError> {
  const refused = new Map<number, ScimError>();
  for (const [n, { asked }] of operations.entries()) {
    const unknown = [...referencesTo(facts[n])].find((bulkId) => !makers.has(bulkId));
    if (asked instanceof ScimError) refused.set(n, asked);
    else if (unknown !== undefined) {
      const detail = `"bulkId:${unknown.slice(0, 64)}" refers to nothing; no POST of this request has that bulkId`;
      refused.set(n, new ScimError(400, "invalidValue", detail));
    }
  }
  return refused;
}

function referencesTo(facts: Facts | undefined): Set<string> {
  if (facts === undefined) return new Set();
  return facts.inPath === undefined ? new Set(facts.inData) : new Set([...facts.inData, facts.inPath]);
}

/** The order of the request, but what is referred to comes first; a reference that closes a circle is deferred. */
function creationOrder(
  operations: readonly BulkOperation[],
  facts: readonly Facts[],
  makers: ReadonlyMap<string, number>,
): Ordered[] {
  const order: Ordered[] = [];
  const begun = new Set<number>();
  const open = new Set<number>();
  let incomplete: Ordered[] = [];
  const visit = (operation: number): void => {
    if (begun.has(operation)) return;
    begun.add(operation);
    open.add(operation);
    const deferred = new Set<string>();
    for (const bulkId of facts[operation]?.inData ?? []) {
      const maker = makers.get(bulkId);
      if (maker === undefined) continue;
      if (open.has(maker)) deferred.add(bulkId);
      else visit(maker);
    }
    open.delete(operation);
    order.push({ operation, kind: "operation", deferred });
    if (deferred.size > 0) incomplete.push({ operation, kind: "references", deferred });
  };
  const complete = (): void => {
    order.push(...incomplete);
    incomplete = [];
  };
  for (const [n, { method }] of operations.entries()) {
    // Only what a POST makes is referred to, so nothing but a POST can be part of a circle.
    if (method.toUpperCase() === "POST") visit(n);
    else for (const bulkId of referencesTo(facts[n])) visit(makers.get(bulkId) ?? n);
    complete();
    if (!begun.has(n)) visit(n);
  }
  return order;
}

function withWaiting(
  order: readonly Ordered[],
  operations: readonly BulkOperation[],
  facts: readonly Facts[],
  makers: ReadonlyMap<string, number>,
): Step[] {
  const deleted = deletedTargets(operations);
  // The last step so far of each operation and on each target (ids differ even between types), and what mentions a target.
  const lastOf = new Map<number, number>();
  const lastOn = new Map<string, number>();
  const mentioning = new Map<string, number[]>();
  return order.map((step, n): Step => {
    const { operation, kind, deferred } = step;
    const asked = operations[operation]?.asked;
    const after = new Set<number>();
    const wait = (earlier: number | undefined): void => void (earlier !== undefined && after.add(earlier));
    for (const bulkId of referencesTo(facts[operation]))
      if (kind === "references" || !deferred.has(bulkId)) wait(lastOf.get(makers.get(bulkId) ?? -1));
    wait(lastOf.get(operation));
    lastOf.set(operation, n);
    if (asked === undefined || asked instanceof ScimError) return { ...step, after: [...after] };
    if (asked.target !== "") {
      wait(lastOn.get(asked.target));
      lastOn.set(asked.target, n);
    }
    // Who is deleted is taken out of a group, or made its member, before or after that as the request has it.
    for (const target of mentionsOf(asked.data ?? null, deleted)) {
      wait(lastOn.get(target));
      mentioning.set(target, [...(mentioning.get(target) ?? []), n]);
    }
    if (asked.method === "DELETE") for (const earlier of mentioning.get(asked.target) ?? []) wait(earlier);
    after.delete(n);
    return { ...step, after: [...after] };
  });
}

function deletedTargets(operations: readonly BulkOperation[]): Set<string> {
  const targets = operations.flatMap(({ asked }) =>
    !(asked instanceof ScimError) && asked.method === "DELETE" ? [asked.target] : [],
  );
  return new Set(targets);
}

function mentionsOf(value: Json, targets: ReadonlySet<string>, found = new Set<string>()): Set<string> {
  if (targets.size === 0) return found;
  if (typeof value === "string") {
    // In the path of a PATCH an id stands between quotes.
    for (const part of value.split('"')) if (targets.has(part)) found.add(part);
  } else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) mentionsOf(part, targets, found);
  return found;
}
