import { expect, test } from "vitest";
import { answersAt } from "../../../lib/ops/connect/answers.ts";
import { readStranger } from "../../../lib/provisioning/contact.ts";
import { startServer } from "../../local/served.ts";

test("whether anything answers is asked without leaving a trace of somebody who was not let in", async () => {
  const server = await startServer();
  expect(await answersAt(server.baseUrl)).toBe(true);
  expect(await readStranger(server.operations.table)).toBeUndefined();
  await server.close();
  expect(await answersAt(server.baseUrl)).toBe(false);
});
