/** Several tenants at once: their stacks are listed, examined, and deployed two at a time; what was stopped is resumed. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { addTenant, keepLogsLonger, type Stage } from "./stage.ts";
import type { Steps } from "./steps.ts";

const [north, south] = ["north", "south"];

/** `like`: a tenant that is deployed; two more are made of its file. Errors: of the step that failed, after it was told. */
export async function tellFleet(stage: Stage, like: string, { step }: Steps): Promise<void> {
  for (const tenant of [north, south]) addTenant(stage, tenant, like);
  const fleet = async (...words: string[]): Promise<unknown> => await stage.rollcall("fleet", ...words);

  await step("rollcall fleet ls: a tenant that is deployed as it should be, and two that are not yet", async () => {
    const states = stateOf(await fleet("ls"));
    assert.deepEqual([like, north, south].map(states), [
      ["deployed", []],
      ["not-deployed", []],
      ["not-deployed", []],
    ]);
  });
  await step("rollcall fleet deploy makes two stacks at once", async () => {
    const words = ["deploy", north, south, "--yes", "--at-once", "2"];
    assert.partialDeepStrictEqual(await fleet(...words), { failed: [], notStarted: [] });
  });
  await step(
    "both files change; fleet deploy is stopped while the first of them is deployed, and lets it end",
    async () => {
      for (const tenant of [north, south]) keepLogsLonger(stage, tenant, 5);
      const { code, told } = await stoppedAtOnce(stage, ["deploy", north, south, "--yes", "--at-once", "1"]);
      assert.equal(code, 1);
      assert.partialDeepStrictEqual(told, { deployed: [{ tenant: north }], notStarted: [south], stopped: true });
      const states = stateOf(await fleet("ls"));
      assert.deepEqual([north, south].map(states), [
        ["deployed", []],
        ["deployed", ["tenant-file-changed"]],
      ]);
    },
  );
  await step("the same command again passes over the first, and deploys the other", async () => {
    assert.partialDeepStrictEqual(await fleet("deploy", north, south, "--yes", "--at-once", "1"), {
      planned: { passedOver: [north] },
      deployed: [{ tenant: south }],
    });
    const states = stateOf(await fleet("ls"));
    assert.deepEqual([north, south].map(states), [
      ["deployed", []],
      ["deployed", []],
    ]);
  });
  await step("rollcall fleet upgrade finds no older release", async () => {
    assert.partialDeepStrictEqual(await fleet("upgrade", "--yes"), { planned: { deploy: [] } });
  });
  await step("rollcall fleet doctor examines all that are deployed", async () => {
    const told = await fleet("doctor");
    assert.partialDeepStrictEqual(told, { problems: [], notAsked: [] });
    const { diagnoses } = told as { diagnoses: { tenant: string }[] };
    const tenants = new Set(diagnoses.map(({ tenant }) => tenant));
    assert.ok(
      [like, north, south].every((tenant) => tenants.has(tenant)),
      [...tenants].join(),
    );
  });
}

/** As with Ctrl-C at a terminal, which reaches all processes that the command has started and not set apart. */
async function stoppedAtOnce(stage: Stage, words: readonly string[]): Promise<{ code: unknown; told: unknown }> {
  const child = spawn(process.execPath, ["bin/rollcall.ts", "fleet", ...words, "--json"], {
    cwd: stage.project,
    env: { ...stage.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text) => (said.out += String(text)));
  child.stderr.on("data", (text) => {
    const isFirst = !said.err.includes("begun");
    said.err += String(text);
    if (isFirst && said.err.includes("begun")) process.kill(-(child.pid ?? 0), "SIGINT");
  });
  const [code] = await once(child, "close");
  try {
    return { code, told: JSON.parse(said.out) };
  } catch (error) {
    throw new Error(`The command said no data, but:\n${said.err}`, { cause: error });
  }
}

function stateOf(told: unknown): (tenant: string) => [string, string[]] | undefined {
  const { rows } = told as { rows: { tenant: string; state: string; drift: string[] }[] };
  return (name) => {
    const row = rows.find(({ tenant }) => tenant === name);
    return row && [row.state, row.drift];
  };
}
