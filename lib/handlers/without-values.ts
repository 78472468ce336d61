/**
 * What a function may fail with. Lambda prints the error of a failed invocation whole: its message, its causes and its
 * fields, and those of an SDK error hold items. The gateway's access log takes the message from there.
 */
import { errorForLog, type Telemetry } from "./telemetry.ts";

/** The handler as it is, but for its errors: the log says `what` failed by which error and where, Lambda gets one with nothing in it. */
export function withoutValues<Given extends unknown[], Result>(
  { logger }: Telemetry,
  what: string,
  handler: (...given: Given) => Promise<Result>,
): (...given: Given) => Promise<Result> {
  return async (...given) => {
    try {
      return await handler(...given);
    } catch (error) {
      const told = errorForLog(error);
      logger.error(what, told);
      // oxlint-disable-next-line eslint/preserve-caught-error -- Lambda prints the cause, too
      throw new Error(`${told.error}; the line before this one says where`);
    }
  };
}
