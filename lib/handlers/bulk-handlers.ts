/** Many writes in one request (RFC 7644 section 3.7), each done as if it had come alone. */
import { bulkResponse, checkPayload, readBulk } from "../scim/bulk.ts";
import { planBulk } from "../scim/bulk-plan.ts";
import type { HttpRequest } from "./http.ts";
import { bulkRun } from "./bulk-run.ts";
import { runSteps } from "./bulk-schedule.ts";
import { jsonBody } from "./json-body.ts";
import type { Route } from "./router.ts";

/** More would meet the store's own limit for a partition, and find no second core. */
const atOnceMost = 8;
/** A write that meets others on its resource tries again for 8 s at most, mostly for less than one: none begins later. */
const beginMsBeforeEnd = 5_000;
/** What is under way by then is answered as unknown. The function's own early answer, 0.5 s before its end, would be one for all. */
const answerMsBeforeEnd = 1_500;

/**
 * `failOnErrors` is exact: never are more operations under way than errors are still allowed, so 1 means one by one.
 *
 * Errors: ScimError 400, 413 for the request as a whole; what is wrong with one operation stands in its answer.
 */
export const postBulk: Route["handle"] = async (request, call) => {
  checkPayload(payloadBytes(request));
  const { operations, failOnErrors = Infinity } = readBulk(call.provisioning.tenant.types, jsonBody(request));
  const plan = planBulk(operations);
  const { clock, tenant } = call.provisioning;
  const endsInMs = call.remainingMs() - answerMsBeforeEnd;
  const caller = { ...call.caller, writeBefore: clock.now() + endsInMs };
  const run = bulkRun(operations, plan, request, { ...call, caller });
  const timer = timeOut(endsInMs);
  // A POST may become a change of somebody who is there, which no plan can know: then the request's order is kept.
  const atOnce = tenant.lifecycle.rehire === "reactivate" ? 1 : atOnceMost;
  const hasTime = (): boolean => call.remainingMs() > beginMsBeforeEnd;
  const errorsLeft = (): number => failOnErrors - run.errors();
  let timeIsOver = false;
  try {
    await runSteps(plan.steps, {
      mayBegin: (step, underWay) => {
        if (underWay >= atOnce) return false;
        if (!hasTime()) timeIsOver = true;
        if (timeIsOver) return false;
        // What was created is made whole even if nothing else is begun.
        return step.kind === "references" || underWay < errorsLeft();
      },
      run: run.do,
      timeOver: timer.over.then(() => void (timeIsOver = true)),
    });
  } finally {
    timer.cancel();
  }
  const results = run.results(timeIsOver && errorsLeft() > 0);
  return { status: 200, body: bulkResponse(results), operations: run.told() };
};

function payloadBytes({ body }: HttpRequest): number {
  return body === undefined ? 0 : Buffer.byteLength(body.text, body.isBase64 ? "base64" : "utf8");
}

function timeOut(ms: number): { readonly over: Promise<void>; readonly cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  return { over: promise, cancel: () => clearTimeout(timer) };
}
