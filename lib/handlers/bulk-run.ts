/** One bulk request while it is done: which resources it has made so far, and how each operation ended. */
import type { BulkOperation, BulkResult, BulkWrite } from "../scim/bulk.ts";
import type { Plan, Step } from "../scim/bulk-plan.ts";
import { referenceIn, referencesOf, resolveReferences, splitReferences } from "../scim/bulk-reference.ts";
import { ScimError } from "../scim/error.ts";
import { isObject, type Json } from "../scim/json.ts";
import { patchSchema } from "../scim/patch-operation.ts";
import { locationOf } from "../scim/representation.ts";
import type { ResourceType } from "../scim/schema.ts";
import { scimErrorOf } from "./error-answer.ts";
import type { HttpRequest } from "./http.ts";
import { namedBy } from "./named.ts";
import { createOne, deleteOne, patchOne, replaceOne } from "./resource-handlers.ts";
import type { Answer, Call, OperationTold, Route } from "./router.ts";

export interface BulkRun {
  readonly do: (step: Step, first: boolean) => Promise<"done" | "later">;
  readonly errors: () => number;
  /** In the request's order; operations that were not begun are left out, unless for want of time. */
  readonly results: (timeIsOver: boolean) => BulkResult[];
  readonly told: () => OperationTold[];
}

type Write = Omit<BulkWrite, "data" | "version"> & { readonly data?: Json; readonly version?: string };

export function bulkRun(operations: readonly BulkOperation[], plan: Plan, request: HttpRequest, call: Call): BulkRun {
  const ids = new Map<string, string>();
  const results = new Map<number, BulkResult>();
  const told: OperationTold[] = [];
  let errors = 0;
  const begun = new Set<Step>();
  const ended = new Set<Step>();

  async function doStep(step: Step, first: boolean): Promise<"done" | "later"> {
    begun.add(step);
    const requestId = requestIdOf(step);
    try {
      await (step.kind === "references" ? addReferences(step, requestId) : doOperation(step, requestId));
    } catch (thrown) {
      // What stands before it may be about to give the name up: a DELETE, or a rename.
      if (!first && isTaken(thrown)) return "later";
      tellFailed(step, thrown);
      fail(step, scimErrorOf(thrown, requestId));
    }
    ended.add(step);
    return "done";
  }

  async function doOperation(step: Step, requestId: string): Promise<void> {
    const refused = plan.refused.get(step.operation);
    const operation = operations[step.operation];
    const asked = operation?.asked;
    if (refused !== undefined) throw refused;
    if (operation === undefined || asked === undefined || asked instanceof ScimError) return;
    refuseMissing(asked, step.deferred);
    const { method, type, target, version } = asked;
    const id = idOf(target);
    const now = isObject(asked.data) ? splitReferences(asked.data, step.deferred).now : asked.data;
    const answer = await ask(
      {
        method,
        type,
        target: id,
        ...(version !== undefined && { version }),
        ...(now !== undefined && { data: resolveReferences(now, ids) }),
      },
      requestId,
    );
    const made = method === "POST" ? madeIn(answer) : id;
    if (method === "POST" && operation.bulkId !== undefined) ids.set(operation.bulkId, made);
    results.set(step.operation, {
      ...echo(operation),
      ...placeOf(type, made),
      ...versionOf(answer),
      status: answer.status,
    });
  }

  /** The second half of a creation that is part of a circle. */
  async function addReferences(step: Step, requestId: string): Promise<void> {
    const operation = operations[step.operation];
    const made = results.get(step.operation);
    const id = ids.get(operation?.bulkId ?? "");
    const asked = operation?.asked;
    if (made === undefined || id === undefined || asked === undefined || asked instanceof ScimError) return;
    if (!isObject(asked.data)) return;
    refuseMissing(asked, new Set());
    const { later } = splitReferences(asked.data, step.deferred);
    const data = { schemas: [patchSchema], Operations: resolveReferences(later, ids) };
    const answer = await ask({ method: "PATCH", type: asked.type, target: id, data }, requestId);
    results.set(step.operation, { ...made, ...versionOf(answer) });
  }

  async function ask({ method, type, target, version, data }: Write, requestId: string): Promise<Answer> {
    const answer = await handlers[method](type)(
      {
        method,
        path: target === "" ? type.endpoint : `${type.endpoint}/${target}`,
        query: queryOf(method, type),
        headers: version === undefined || method === "POST" ? {} : { "if-match": version },
        ...(data !== undefined && { body: { text: JSON.stringify(data), isBase64: false } }),
        requestId,
        baseUrl: request.baseUrl,
      },
      { ...call, caller: { ...call.caller, requestId }, id: target },
    );
    told.push({
      requestId,
      method,
      type,
      named: [],
      ...(answer.change && { change: answer.change }),
      ...(answer.notKept && { notKept: answer.notKept }),
    });
    return answer;
  }

  function tellFailed(step: Step, thrown: unknown): void {
    const requestId = requestIdOf(step);
    const asked = operations[step.operation]?.asked;
    const about =
      asked === undefined || asked instanceof ScimError
        ? { method: request.method, named: [] }
        : { method: asked.method, type: asked.type, named: namedBy(asked.type, asked.target, asked.data) };
    const error = scimErrorOf(thrown, requestId);
    told.push({ requestId, ...about, error, ...(error.status >= 500 && { fault: thrown }) });
  }

  /** Each accept finds its own lost answer by the request id, so no two may have the same. */
  function requestIdOf({ operation, kind }: Step): string {
    return `${call.caller.requestId}.${operation}${kind === "references" ? ".references" : ""}`;
  }

  /** Errors: ScimError 409 when what an operation refers to could not be made, 503 when it may be made another time. */
  function refuseMissing(asked: BulkWrite, deferred: ReadonlySet<string>): void {
    const inPath = referenceIn(asked.target);
    const needed = [...referencesOf(asked.data ?? null), ...(inPath === undefined ? [] : [inPath])];
    const missing = needed.find((bulkId) => !deferred.has(bulkId) && !ids.has(bulkId));
    if (missing === undefined) return;
    const maker = operations.findIndex(({ bulkId }) => bulkId === missing);
    const status = (results.get(maker)?.status ?? 503) >= 500 ? 503 : 409;
    throw new ScimError(status, undefined, `"bulkId:${missing.slice(0, 64)}" was not created, see the answer to it`);
  }

  function fail({ operation: n }: Step, error: ScimError): void {
    const operation = operations[n];
    if (operation === undefined) return;
    const half = results.get(n);
    errors += 1;
    if (half === undefined) results.set(n, { ...echo(operation), ...targetPlace(operation), ...errorPart(error) });
    else {
      // Undoing it would take the resource from those that refer to it by now.
      const detail = `created, but without all of its references: ${error.message}; send what is missing in a PATCH`;
      results.set(n, { ...half, ...errorPart(new ScimError(error.status, error.scimType, detail)) });
    }
  }

  /** The RFC asks for it in every answer but that to a POST that failed. */
  function targetPlace({ asked }: BulkOperation): { location?: string } {
    if (asked instanceof ScimError || asked.target === "") return {};
    const id = idOf(asked.target);
    return referenceIn(id) === undefined ? placeOf(asked.type, id) : {};
  }

  function placeOf(type: ResourceType, id: string): { location: string } {
    return { location: locationOf(type, id, request.baseUrl) };
  }

  function idOf(target: string): string {
    return ids.get(referenceIn(target) ?? "") ?? target;
  }

  function finish(timeIsOver: boolean): void {
    for (const step of plan.steps) {
      const half = step.kind === "references";
      if (ended.has(step) || (half && !isSuccess(results.get(step.operation)))) continue;
      if (begun.has(step)) {
        tellFailed(step, unanswered());
        fail(step, unanswered());
      } else if (timeIsOver) fail(step, notBegun());
      else if (half) fail(step, new ScimError(409, undefined, "the request was ended by its failOnErrors"));
    }
  }

  return {
    do: doStep,
    errors: () => errors,
    results: (timeIsOver) => {
      finish(timeIsOver);
      return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
    },
    told: () => [...told],
  };
}

const handlers: Readonly<Record<BulkWrite["method"], (type: ResourceType) => Route["handle"]>> = {
  POST: createOne,
  PUT: replaceOne,
  PATCH: patchOne,
  DELETE: deleteOne,
};

/** A success shows no resource (RFC 7644 section 3.7), so none is read for it; a group's PATCH reads none if not asked. */
function queryOf(method: BulkWrite["method"], type: ResourceType): URLSearchParams {
  return new URLSearchParams(method === "PATCH" && type.hasMembers ? {} : { attributes: "id" });
}

function echo({ method, bulkId }: BulkOperation): Pick<BulkResult, "method" | "bulkId"> {
  return { method, ...(bulkId !== undefined && { bulkId }) };
}

function madeIn({ body }: Answer): string {
  const id = isObject(body) ? body["id"] : undefined;
  if (typeof id !== "string") throw new Error("the answer to a POST has no id");
  return id;
}

function versionOf({ headers }: Answer): { version?: string } {
  const version = headers?.["etag"];
  return version === undefined ? {} : { version };
}

function errorPart(error: ScimError): Pick<BulkResult, "status" | "response"> {
  return { status: error.status, response: error.body() };
}

function isSuccess(result: BulkResult | undefined): boolean {
  return result !== undefined && result.status < 400;
}

function isTaken(error: unknown): boolean {
  return error instanceof ScimError && error.scimType === "uniqueness";
}

function notBegun(): ScimError {
  return new ScimError(503, undefined, "there was no time left to begin this operation; send it again");
}

function unanswered(): ScimError {
  return new ScimError(503, undefined, "this operation was begun, but did not end in time; send it again");
}
