/** The step *publish* of a tenant with events: was the application told, and what did its sinks answer? */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entrySubject, eventId, membersSubject } from "../../../lib/events/event.ts";
import { noteAnswer, type SinkAnswer } from "../../../lib/events/sink-state.ts";
import { toldAttributes } from "../../../lib/events/told.ts";
import { explain, explainGroup } from "../../../lib/ops/explain/explain.ts";
import type { Explanation, Step } from "../../../lib/ops/explain/explanation.ts";
import { readEntry } from "../../../lib/provisioning/entry.ts";
import { readHead } from "../../../lib/provisioning/head.ts";
import { toldKey } from "../../../lib/provisioning/keys.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { entra, okta } from "./idp.ts";
import { hour, idOf, minute, type World, world } from "./world.ts";

const withoutEvents = {
  environment: { region: "eu-central-1" },
  mapping: { attributes: { login: { from: "userName", lookup: true } } },
};
const file = {
  ...withoutEvents,
  events: { bus: true, webhooks: { payroll: { url: "https://app.example.com/rollcall" } } },
};
const ann = "ann@example.com";

let w: World;
beforeEach(async () => {
  w = world(readTenantFile("acme", file));
  await w.newToken({ idp: "entra" });
});
afterEach(() => w.close());

/** As the publisher notes it. */
async function tell(subject: string, sequence: number, position: number, type: string): Promise<void> {
  const { table, clock } = w.operations;
  const told = { sequence, version: 1, position, eventId: eventId(subject, sequence), type, at: clock.now() };
  await table.write({ kind: "put", key: toldKey(subject), attributes: toldAttributes(told) });
}

async function tellOf(id: string, position: number): Promise<void> {
  const entry = await readEntry(w.operations.table, "User", id);
  await tell(entrySubject("User", id), entry?.appliedAt ?? 0, position, "user.created");
}

/** As whoever delivers notes it. */
async function answered(sink: string, id: string, answer: Partial<SinkAnswer>): Promise<void> {
  const { table, clock } = w.operations;
  const base = { outcome: "taken", position: 41, eventId: "e", at: clock.now(), attempts: 1 } as const;
  await noteAnswer(table, sink, entrySubject("User", id), { ...base, ...answer });
}

async function applied(): Promise<string> {
  const { id } = await entra(w).provision(ann);
  await w.work();
  return id;
}

const publish = ({ steps }: Explanation): Step | undefined => steps.find(({ name }) => name === "publish");
const explained = async () => publish(await explain(w.operations, ann));

describe("the step publish of somebody", () => {
  test("who was told to everybody says when, by which event, and that each sink took it", async () => {
    const id = await applied();
    await tellOf(id, 41);
    for (const sink of ["bus", "payroll"]) await answered(sink, id, {});
    await w.pass(3 * minute);
    expect(await explained()).toEqual({
      name: "publish",
      status: "success",
      reason:
        "The application reads it as active, as accepted. The application was told of it 3 min ago, by user.created at position 41 of the feed. The bus took it 3 min ago. The webhook payroll took it 3 min ago.",
    });
  });

  test("who was applied a moment ago waits for the publisher", async () => {
    await applied();
    expect(await explained()).toMatchObject({
      status: "warning",
      reason: expect.stringContaining("The application is not told of it yet"),
    });
  });

  test("whom the publisher did not tell of in minutes is a failure, with the command that tells it", async () => {
    await applied();
    await w.pass(12 * minute);
    expect(await explained()).toMatchObject({
      status: "failure",
      reason: expect.stringContaining("was not told of it in 12 min"),
      action: expect.stringContaining("rollcall events catch-up"),
    });
  });

  test("who changed since is not told, whatever was told before", async () => {
    const id = await applied();
    await tellOf(id, 41);
    await w.pass(hour);
    await entra(w).disable(id);
    await w.work();
    expect(await explained()).toMatchObject({
      status: "warning",
      reason: expect.stringContaining("not told of it yet"),
    });
  });

  test("whom a sink did not take says with which answer, and when it is tried again", async () => {
    const id = await applied();
    await tellOf(id, 41);
    await answered("bus", id, {});
    const nextAt = w.operations.clock.now() + 10 * minute;
    await answered("payroll", id, { outcome: "later", status: 503, reason: "it answered 503", attempts: 4, nextAt });
    expect(await explained()).toMatchObject({
      status: "warning",
      reason: expect.stringContaining(
        "The webhook payroll did not take it: it answered 503, last 0 s ago, attempt 4; the next one comes in 10 min.",
      ),
    });
  });

  test("who waits at a sink behind an earlier event of the same says so", async () => {
    const id = await applied();
    await tellOf(id, 41);
    await answered("bus", id, {});
    await answered("payroll", id, { outcome: "later", position: 39, reason: "it did not answer in time" });
    expect((await explained())?.reason).toContain("did not take an earlier event of the same (position 39)");
  });

  test("whose event is parked is a failure, with the command that sends it again", async () => {
    const id = await applied();
    await tellOf(id, 41);
    await answered("payroll", id, {});
    await answered("bus", id, { outcome: "parked", reason: "EventBridge refused it", attempts: 10 });
    expect(await explained()).toMatchObject({
      status: "failure",
      reason: expect.stringContaining("The bus did not take it for a day: EventBridge refused it"),
      action: expect.stringMatching(/rollcall events replay bus .*`\.$/),
    });
  });

  test("of whom a sink has said nothing yet is well for some minutes, and then is not", async () => {
    const id = await applied();
    await tellOf(id, 41);
    expect((await explained())?.status).toBe("success");
    await w.pass(20 * minute);
    expect(await explained()).toMatchObject({
      status: "warning",
      reason: expect.stringContaining("The webhook payroll has not answered about it yet, 20 min after that"),
    });
  });

  test("of a tenant without events says what the application reads, and no more", async () => {
    w.deploy(withoutEvents);
    await applied();
    expect(await explained()).toEqual({
      name: "publish",
      status: "success",
      reason: "The application reads it as active, as accepted.",
    });
  });
});

describe("the step publish of a group", () => {
  test("says of the group and of its members whether the application was told", async () => {
    const id = idOf(await okta(w).pushGroup("Sales"));
    await okta(w).addMembers(id, "Sales", await applied());
    await w.work();
    const group = await readEntry(w.operations.table, "Group", id);
    await tell(entrySubject("Group", id), group?.appliedAt ?? 0, 7, "group.created");
    await w.pass(hour);
    const untold = publish(await explainGroup(w.operations, "sales"));
    expect(untold).toMatchObject({ status: "failure", reason: expect.stringContaining("not told of its members") });
    const head = await readHead(w.operations.table, "Group", id);
    await tell(membersSubject(id), head?.stepAt ?? 0, 8, "membership.added");
    for (const sink of ["bus", "payroll"]) {
      for (const [subject, position] of [
        [entrySubject("Group", id), 7],
        [membersSubject(id), 8],
      ] as const)
        await noteAnswer(w.operations.table, sink, subject, {
          outcome: "taken",
          position,
          eventId: "e",
          at: w.operations.clock.now(),
          attempts: 1,
        });
    }
    expect(publish(await explainGroup(w.operations, "sales"))).toMatchObject({
      status: "success",
      reason: expect.stringMatching(/told of it .* position 7 .*told of its members .* position 8 /),
    });
  });
});
