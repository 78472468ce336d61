import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Played, played } from "../ops/played.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let world: Played;
let run: (words: string | readonly string[], as?: World) => Promise<Ran>;
beforeEach(async () => {
  world = played();
  run = commandOn(world);
  await world.connect("okta");
  await world.post("ada@example.com", { emails: [{ value: "ada@example.com" }] });
  await world.work();
  await world.post("ada@example.com");
});
afterEach(() => world.close());

describe("activity", () => {
  test("is a line for each change and refusal, newest first, with who asked for it and what came of it", async () => {
    const { code, out } = await run("activity --local", { columns: 120 });
    expect(code).toBe(0);
    expect(out).toMatch(/^\d{4}-\d\d-\d\d [\d:]+ UTC {2}refused User ada@example\.com: POST \/Users, 409\n/);
    expect(out).toContain('"userName" is already used by User');
    expect(out).toMatch(/\n.* UTC {2}created User ada@example\.com: userName, active, emails; applied\n/);
    expect(out).toMatch(/okta production, okta; request [\w-]+\n/);
  });

  test("--json is the same as data, with where it goes on", async () => {
    const { rows, next } = JSON.parse((await run("activity --local --most 1 --json")).out);
    expect(rows).toEqual([expect.objectContaining({ kind: "refused", status: 409, at: expect.stringMatching(/Z$/) })]);
    const after = await run(["activity", "--local", "--json", "--after", next]);
    expect(JSON.parse(after.out)).toEqual({ rows: [expect.objectContaining({ kind: "created", status: "applied" })] });
  });

  test.each(["3h", "90m", "7d"])("the command that goes on is the same question, since %s", async (since) => {
    const { out } = await run(`activity --local --most 1 --since ${since}`);
    expect(out).toContain(`\n  $ npx rollcall activity --since ${since} --most 1 --after '`);
    expect(out).toMatch(/ --after '\d{13}~~[\w-]+' --local\n$/);
  });

  test.each([
    ["--kind created,deleted", 1],
    ["--kind refused", 1],
    ["--status applied", 1],
    ["--who ADA@example.com", 2],
    ["--who eve@example.com", 0],
  ])("%s gives %s", async (words, count) => {
    const { out } = await run(`activity --local ${words} --json`);
    expect(JSON.parse(out).rows).toHaveLength(count);
  });

  test("nothing is told as nothing", async () => {
    expect((await run("activity --local --kind deleted")).out).toBe("Nothing of that came.\n");
  });

  test("--follow --json prints a line of data for each, oldest first, until Ctrl-C", async () => {
    const { code, out } = await run("activity --local --follow --json --since 1h", { interrupted: true });
    const rows = out
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect([code, rows.map(({ kind }) => kind)]).toEqual([0, ["created", "refused"]]);
  });

  test.each([
    ["--kind joined", "Expected some of created, changed,"],
    ["--status late", "Allowed choices are applied, pending, parked, given-up."],
    ["--follow --status parked", "--follow tells a change when it comes, whatever becomes of it"],
    ["--follow --after 1", "--after goes back and --follow goes on"],
  ])("%s is a usage error", async (words, sentence) => {
    expect(await run(`activity --local ${words}`)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
  });

  test("a place of elsewhere is told in a sentence", async () => {
    const { code, err } = await run("activity --local --after 5f");
    expect([code, err]).toEqual([1, expect.stringContaining('"5f" is no place in the activity')]);
  });
});
