/** What is rehearsed of the application's side: events on the bus and in the feed, a webhook that nobody answers, and OAuth. */
import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DirectoryEvent } from "../../lib/events/event.ts";
import { differences, foldEvents } from "../events/fold.ts";
import { type Listener, readDirectory, readWholeFeed } from "./application.ts";
import { eventually } from "./eventually.ts";
import { scimApi } from "./scim-api.ts";
import { credentials } from "./stage.ts";
import type { Steps } from "./steps.ts";
import type { Scene } from "./story.ts";

/** `listener`: since before anything was provisioned. Errors: of the step that failed, after it was told. */
export async function tellEvents(
  { stage, tenant, region, outputs, signal }: Scene,
  listener: Listener,
  { step }: Steps,
): Promise<void> {
  const rollcall = (...args: string[]) => stage.rollcall(...args, "--tenant", tenant);
  const dynamo = new DynamoDBClient({ endpoint: stage.awsUrl, region, credentials });
  const { FeedUrl = "", TokenUrl = "", ScimBaseUrl } = outputs;
  const isDirectory = async (events: Iterable<DirectoryEvent>) =>
    assert.deepEqual(differences(foldEvents(events), await readDirectory(dynamo, outputs.DirectoryTableName)), []);

  await step("the feed is read with a token of its own, and folded it is the directory", async () => {
    const { token = "" } = asText(await rollcall("token", "create", "--label", "feed", "--for", "events"));
    await eventually(signal, async () => await isDirectory(await readWholeFeed(FeedUrl, token)));
  });
  await step("what a rule on the bus sent to a queue is the directory, too, folded", () =>
    eventually(signal, async () => await isDirectory(listener.heard.map(({ event }) => event))),
  );
  await listener.stop();
  console.log(`  ${latencies(listener)}`);
  await step("a webhook that nobody answers held up nothing, and rollcall explain says what became of it", () =>
    eventually(signal, async () => {
      const explained = JSON.stringify(await rollcall("explain", "ada@example.com"));
      assert.match(explained, /told of it .* at position .*The bus took it .*The webhook payroll did not take it/);
    }),
  );
  await step("an OAuth client gets a token at the token endpoint, and is let in with it", async () => {
    const { id = "", secret = "" } = asText(await rollcall("client", "create", "--label", "rehearsal"));
    const answer = await fetch(TokenUrl, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const { access_token: token = "" } = asText(await answer.json());
    assert.equal(answer.status, 200);
    const { status } = await scimApi(ScimBaseUrl, token)("GET", "/Users?count=1");
    assert.equal(status, 200);
    await rollcall("client", "revoke", id);
    assert.equal((await scimApi(ScimBaseUrl, token)("GET", "/Users?count=1")).status, 401);
  });
  dynamo.destroy();
}

/** From applied to the queue behind the bus: of an emulator, which runs a process for each invocation. */
function latencies({ heard }: Listener): string {
  const all = heard.map(({ event, at }) => at - Date.parse(event.timestamp)).toSorted((a, b) => a - b);
  const p = (part: number) => all[Math.min(all.length - 1, Math.floor(all.length * part))] ?? 0;
  return `applied → event at the bus' target: p50 ${p(0.5)} ms, p99 ${p(0.99)} ms of ${all.length} events`;
}

function asText(value: unknown): Partial<Record<string, string>> {
  assert.ok(typeof value === "object" && value !== null);
  return { ...value };
}
