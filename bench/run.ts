/**
 * `npm run bench -- <part> ...`: measures a part, or several; `npm run bench` alone: the short ones, which install nothing.
 * Prints ratios against a baseline of the same run; the numbers of a day go into bench/RESULTS.md by hand, with machine and commit.
 */
import { coldStart } from "./cold-start.ts";
import { consolePages } from "./console.ts";
import { cpu } from "./cpu.ts";
import { directory } from "./directory.ts";
import { events } from "./events.ts";
import { explaining } from "./explain.ts";
import { feed } from "./feed.ts";
import { groups } from "./groups.ts";
import { profile } from "./profile.ts";
import { peers } from "./peers/run.ts";
import { importing } from "./import.ts";
import { load } from "./load.ts";
import { pressure } from "./pressure.ts";
import { scim } from "./scim.ts";
import { sdk } from "./sdk.ts";
import { units } from "./units.ts";

interface Part {
  readonly about: string;
  readonly run: () => Promise<void>;
  /** Takes many minutes, or installs what it measures against: only when it is named. */
  readonly long?: true;
}

const parts: Readonly<Record<string, Part>> = {
  units: { about: "write and read units of an accept and an apply", run: units },
  cpu: { about: "CPU and wall time of an accept and an apply", run: cpu },
  sdk: { about: "CPU of a handler beside its SDK calls alone", run: sdk, long: true },
  profile: { about: "where the CPU of a request goes, by function", run: profile, long: true },
  cold: { about: "bundles and their first call", run: coldStart },
  directory: { about: "what anything costs as the directory grows to a million users", run: directory, long: true },
  feed: { about: "what a reader of the feed costs, however long it is", run: feed },
  events: { about: "from applied to the event at a sink, and what a sink that is down costs", run: events },
  explain: { about: "what an operator's question costs", run: explaining },
  console: {
    about: "what each page of the console costs, among a thousand users and 100,000",
    run: consolePages,
    long: true,
  },
  peers: { about: "other SCIM servers side by side", run: peers, long: true },
  groups: { about: "groups of up to 100,000 members, beside an empty one", run: groups, long: true },
  import: { about: "50,000 users whom an application already has", run: importing, long: true },
  load: { about: "25 requests a second, and bursts of 200 in flight", run: load, long: true },
  pressure: { about: "a week without a worker, the recovery, and leavers first", run: pressure, long: true },
  scim: { about: "filters and PATCH beside other libraries", run: scim, long: true },
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown !== undefined) {
  const list = Object.entries(parts).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`);
  console.error(`bench: there is no "${unknown}"; choose from\n${list.join("\n")}`);
  process.exit(2);
}
for (const [name, { run, long }] of Object.entries(parts))
  if (asked.includes(name) || (asked.length === 0 && long === undefined)) await run();
