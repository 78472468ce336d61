import { describe, expect, test } from "vitest";
import { inTurns } from "../../lib/local/turns.ts";
import { invocation } from "../../lib/local/context.ts";
import { apiEvent } from "../handlers/event.ts";

const settled = async () => await new Promise((resolve) => void setImmediate(resolve));

describe("requests in turns", () => {
  /** So many requests to a handler that answers when it is told to. */
  function asked(count: number, atOnce: number) {
    const begun: number[] = [];
    const end: (() => void)[] = [];
    let next = 0;
    const handler = inTurns(async () => {
      begun.push((next += 1));
      await new Promise<void>((resolve) => void end.push(resolve));
      if (begun.length === 1) throw new Error("a fault");
      return { statusCode: 200 };
    }, atOnce);
    const answers = Array.from({ length: count }, async () => {
      await handler(apiEvent("GET", "/scim/v2/Users"), invocation("api", 28)).catch(() => undefined);
    });
    return { begun, end, answers };
  }

  test("no more at once than there are turns, and whoever came first is next", async () => {
    const { begun, end, answers } = asked(5, 2);
    await settled();
    expect(begun).toEqual([1, 2]);
    end[1]?.();
    await settled();
    expect(begun).toEqual([1, 2, 3]);
    for (let n = 0; n < 5; n += 1) {
      for (const one of end) one();
      await settled();
    }
    await Promise.all(answers);
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  test("one that fails gives its turn back", async () => {
    const { begun, end, answers } = asked(2, 1);
    await settled();
    end[0]?.();
    await settled();
    expect(begun).toEqual([1, 2]);
    end[1]?.();
    await Promise.all(answers);
  });
});
