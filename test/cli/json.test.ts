/** The table "Data for programs" of docs/operating.md: names that programs rely on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../lib/ops/clients.ts";
import { putImport } from "../../lib/provisioning/import-mark.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { appendMany } from "../events/fed.ts";
import { type Played, played } from "../ops/played.ts";
import { parkingTenantFile } from "../ops/store.ts";
import { type FakeAws, fakeAws } from "./fake-aws.ts";
import { commandOn, type Ran } from "./run.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/operating.md"), "utf8");
const [, section = ""] = /^## Data for programs\n([\s\S]*?)^## /m.exec(page) ?? [];
const rows = [...section.matchAll(/^\| `([^`]+)` \|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, command = "", always = "", besides = ""]) => ({ command, always: namesIn(always), besides: namesIn(besides) }),
);

/** Without what it is like, and the options that it takes. */
function namesIn(cell: string): string[] {
  const own = cell.replaceAll(/as `[^`]*` has it|with `--[^`]*`|unless `--[^`]*`/g, "");
  return [...own.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

const asked: Readonly<Record<string, readonly string[]>> = {
  doctor: ["doctor"],
  overview: ["overview"],
  "explain <who>": ["explain ada@example.com", "explain ada@example.com --attributes"],
  "explain group <name>": ["explain group Pilots"],
  "show <who>": ["show ada@example.com --groups", "show Pilots"],
  activity: ["activity", "activity --most 1", "activity --kind deleted"],
  "events catch-up": ["events catch-up"],
  "events ls": ["events ls", "events ls --most 1 --after 0"],
  "events status": ["events status"],
  "events secret <action> <sink>": ["events secret show app", "events secret rotate app", "events secret retire app"],
  "events replay <sink>": ["events replay app --dry-run"],
  "events send-test <sink>": ["events send-test app"],
  "ls <what>": ["ls users", "ls users --most 1"],
  "ls members <group>": ["ls members Pilots", "ls members Pilots --most 1"],
  orphans: ["orphans"],
  "import <file>": ["import docs/people.csv --dry-run", "import docs/people.csv"],
  "import ls": ["import ls"],
  "import undo <id>": ["import undo trial --dry-run", "import undo trial --yes"],
  export: ["export --out <folder>/all.jsonl"],
  "mapping coverage": ["mapping coverage"],
  "dlq ls": ["dlq ls"],
  "dlq show": ["dlq show"],
  "dlq replay": ["dlq replay --dry-run", "dlq replay --yes --no-wait --even-failing"],
  "brake status": ["brake status"],
  "token create": ["token create --label trial --idp okta --expires-days 3"],
  "token ls": ["token ls"],
  "client create": ["client create --label trial --idp entra"],
  "client ls": ["client ls"],
  types: ["types"],
  "fleet ls": ["fleet ls"],
  "fleet doctor": ["fleet doctor"],
  "fleet deploy": ["fleet deploy --dry-run", "fleet upgrade --dry-run"],
};

let world: Played;
let run: (words: string) => Promise<Ran>;
let aws: FakeAws;
beforeEach(async () => {
  const tenantFile = { ...parkingTenantFile, events: { webhooks: { app: { url: "https://127.0.0.1/" } } }, oauth: {} };
  world = played(readTenantFile("parking", { ...parkingTenantFile, oauth: {} }));
  aws = await fakeAws(world.folder);
  run = commandOn(world, tenantFile);
  await appendMany(world.operations.table, 2, world.operations.clock.now());
  await createClient(world.operations, { label: "Entra" });
  await world.connect("entra", { expiresInDays: 90 });
  const ids = [];
  for (const name of ["ada@example.com", "bob@example.com"])
    ids.push(await world.post(name, { emails: [{ value: name, type: "work" }] }));
  await world.createGroup("Pilots", ids);
  await world.post("noemail@example.com");
  await world.work();
  const counts = { rows: 2, done: 2, brought: 2, refused: 0 };
  const times = { startedAt: 0, at: 0 };
  const trial = { id: "trial", name: "people.csv", fileHash: "none", state: "done", ...counts, ...times } as const;
  await putImport(world.operations.table, trial);
});
afterEach(() => {
  aws.close();
  world.close();
});

describe("--json", () => {
  test("each command of the table is tried", () => {
    expect(rows.map(({ command }) => command)).toEqual([...Object.keys(asked), "console"]);
  });

  test.each(rows.filter(({ command }) => command in asked))("of $command has what is documented", async (row) => {
    for (const template of asked[row.command] ?? []) {
      const words = template.replace("<folder>", world.folder);
      const { out } = await run(words.startsWith("fleet") ? `${words} --json` : `${words} --local --json`);
      const data: unknown = JSON.parse(out);
      for (const one of Array.isArray(data) ? data : [data]) {
        const names = Object.keys(one as object);
        expect(names).toEqual(expect.arrayContaining(row.always));
        expect([...row.always, ...row.besides]).toEqual(expect.arrayContaining(names));
      }
    }
  });
});
