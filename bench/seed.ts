/**
 * `npm run seed -- --users 1000000 --groups 10 --members 1000`: fills the data of `npm start`, so that anybody can try a large
 * directory. Stops on Ctrl-C, and goes on where it stopped when it is called again.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../lib/cli/io.ts";
import { progress } from "../lib/cli/progress.ts";
import { terminalIo } from "../lib/cli/terminal.ts";
import { openDatabase } from "../lib/local/database.ts";
import { loadTenant } from "../lib/tenant-folder.ts";
import { seedGroups } from "./seeding/groups.ts";
import { proveSeeded } from "./seeding/proof.ts";
import { seedUsers } from "./seeding/users.ts";

const usage = `npm run seed -- [options]: fills the data of \`npm start\`, which is not to run meanwhile

  --users <n>     how many there are to be, 1 to 1000000 (10000)
  --groups <n>    and groups (0)
  --members <n>   of each group (100)
  --data <folder> (ROLLCALL_DATA, or .rollcall)
  --tenant <name> (ROLLCALL_TENANT, or acme)`;

const tenantsDir = join(import.meta.dirname, "..", "tenants");

try {
  const asked = readOptions();
  if (asked === undefined) console.log(usage);
  else await seed(asked);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function seed(asked: NonNullable<ReturnType<typeof readOptions>>): Promise<void> {
  const { tenant } = loadTenant(tenantsDir, asked.tenant);
  const settings = { dataDir: asked.data, tenant: asked.tenant, tenantsDir };
  const io = terminalIo(process, settings, { plain: false });
  const stop = io.interruption();
  const isOver = () => stop.aborted;
  const db = openDatabase({ folder: asked.data, tenant: asked.tenant });
  try {
    const people = progress(io, "users");
    const users = await seedUsers({ db, tenant, users: asked.users, onProgress: people.onProgress, isOver });
    people.stop();
    const sample = [0, Math.floor(users / 2), users - 1].filter((n) => n >= 0);
    await proveSeeded(db, tenant, { numbers: sample });
    const bar = progress(io, "groups");
    const groups = await seedGroups({ ...asked, db, tenant, users, onProgress: bar.onProgress, isOver });
    bar.stop();
    const stopped = stop.aborted ? "; the same command goes on from here" : "";
    console.log(`${users} users and ${groups} groups of this command are in ${asked.data}${stopped}`);
  } finally {
    db.close();
  }
}

/** Undefined: the usage is asked for. Errors: UsageError. */
function readOptions() {
  const options = {
    users: { type: "string" },
    groups: { type: "string" },
    members: { type: "string" },
    data: { type: "string" },
    tenant: { type: "string" },
    help: { type: "boolean" },
  } as const;
  const { values } = parsed(options);
  if (values.help === true) return undefined;
  return {
    users: number("users", values.users ?? "10000", [1, 1_000_000]),
    groups: number("groups", values.groups ?? "0", [0, 100_000]),
    members: number("members", values.members ?? "100", [0, 200_000]),
    data: resolve(values.data ?? process.env["ROLLCALL_DATA"] ?? ".rollcall"),
    tenant: values.tenant ?? process.env["ROLLCALL_TENANT"] ?? "acme",
  };
}

function parsed<T extends Record<string, { type: "string" | "boolean" }>>(options: T) {
  try {
    return parseArgs({ options });
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new UsageError(`${sentence}; npm run seed -- --help lists the options`, { cause: error });
  }
}

function number(name: string, text: string, [least, most]: readonly [number, number]): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < least || Number(text) > most)
    throw new UsageError(`--${name} is "${text}": a number from ${least} to ${most} is expected.`);
  return Number(text);
}
