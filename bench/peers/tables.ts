/** The record of a run as markdown. */
import { contestants } from "./contestants.ts";
import { goalsOf } from "./goals.ts";
import type { Results, Sample } from "./results.ts";
import { summed } from "./statistics.ts";

const us = "Rollcall";

export function tablesOf(results: Results): string {
  const { startedAt, commit, machine, loadBefore, rounds, notes } = results;
  return [
    `Measured ${startedAt.slice(0, 10)} at commit ${commit}, ${machine}, load ${loadBefore.toFixed(1)} when it began; medians of ${rounds} rounds in turns.`,
    "",
    ...results.sizes.flatMap((size) => costs(results, size)),
    ...laterWork(results),
    ...onTop(results),
    ...goals(results),
    ...races(results),
    ...cycles(results),
    ...who(results),
    ...(notes.length === 0 ? [] : ["### What was left out", "", ...notes.map((note) => `- ${note}`), ""]),
  ].join("\n");
}

function costs({ samples, contestants }: Results, size: number): string[] {
  const here = samples.filter((one) => one.size === size);
  const operations = [...new Set(here.map(({ operation }) => operation))];
  if (operations.length === 0) return [];
  const rows = operations.map((operation) => {
    const cells = contestants.map((contestant) =>
      cell(here.find((one) => one.operation === operation && one.contestant === contestant)),
    );
    const of = (contestant: string) => here.find((one) => one.operation === operation && one.contestant === contestant);
    return `| ${operation} | ${cells.join(" | ")} | ${ratio(of(us), of("saml-jackson"))} |`;
  });
  return [
    `### ${size.toLocaleString("en")} users, and a group of as many members: server CPU, ms an operation`,
    "",
    `| operation | ${contestants.join(" | ")} | Rollcall to saml-jackson |`,
    `| --- |${" ---: |".repeat(contestants.length + 1)}`,
    ...rows,
    "",
    "~~Struck out~~: the answers were wrong, or their effect was not there afterwards. The numbers after ± are half the range of the rounds.",
    "",
    ...here.flatMap(({ contestant, operation, firstWrong }) =>
      firstWrong === undefined ? [] : [`- ${contestant}, ${operation}: ${firstWrong}`],
    ),
    "",
  ];
}

function cell(sample: Sample | undefined): string {
  if (sample === undefined) return "-";
  const { median, least, most, rounds } = summed(sample.cpuMs);
  const shown = `${ms(median)}${rounds > 1 ? ` ±${ms((most - least) / 2)}` : " (one round)"}`;
  if (sample.wrong === 0) return shown;
  return `~~${shown}~~ ${sample.wrong === sample.asked ? "wrong" : `${sample.wrong} of ${sample.asked} wrong`}`;
}

function ratio(ours: Sample | undefined, theirs: Sample | undefined): string {
  if (ours === undefined || theirs === undefined) return "-";
  return `${(summed(ours.cpuMs).median / summed(theirs.cpuMs).median).toFixed(2)} ×`;
}

/** Others do it within the request, or not at all. */
function laterWork({ samples, sizes }: Results): string[] {
  const later = samples.filter((one) => one.applyMs !== undefined);
  if (later.length === 0) return [];
  const operations = [...new Set(later.map(({ operation }) => operation))];
  const rows = operations.map((operation) => {
    const cells = sizes.map((size) => {
      const found = later.find((one) => one.operation === operation && one.size === size);
      return found?.applyMs === undefined ? "-" : ms(summed(found.applyMs).median);
    });
    return `| ${operation} | ${cells.join(" | ")} |`;
  });
  return [
    "### What Rollcall's worker does for it later: CPU, ms an operation",
    "",
    "The others do what they do within the request; none of them has a second store to bring up to date.",
    "",
    `| operation | ${sizes.map((size) => size.toLocaleString("en")).join(" | ")} |`,
    `| --- |${" ---: |".repeat(sizes.length)}`,
    ...rows,
    "",
  ];
}

function onTop({ samples }: Results): string[] {
  const known = samples.flatMap((one) => (one.bareMs === undefined ? [] : [{ ...one, bareMs: one.bareMs }]));
  if (known.length === 0) return [];
  const rows = known.map(({ operation, size, cpuMs, bareMs, ownCallsMs, calls = {} }) => {
    const whole = summed(cpuMs).median;
    const kinds = Object.entries(calls).map(([kind, count]) => `${Number(count.toFixed(1))} ${kind}`);
    return `| ${operation} | ${size.toLocaleString("en")} | ${kinds.join(", ")} | ${[whole, bareMs, whole - bareMs].map(ms).join(" | ")} | ${ownCallsMs === undefined ? "- | -" : `${ms(ownCallsMs)} | ${ms(whole - ownCallsMs)}`} |`;
  });
  return [
    "### Rollcall beside its SDK calls alone: CPU, ms an operation",
    "",
    "The same calls with the same inputs by `new DynamoDBClient()` and `new SQSClient()` in the same process, and by Rollcall's own clients, which take a shorter path. On top is all else: HTTP, the handler, log lines. `npm run bench -- sdk` measures the handler alone.",
    "",
    "| operation | size | calls | whole | bare calls | on top | calls by our clients | on top |\n| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
  ];
}

function goals({ samples }: Results): string[] {
  const rows = goalsOf(samples).map(
    ({ what, goal, seen, isReached }) => `| ${what} | ${goal} | ${seen} | ${isReached ? "yes" : "**no**"} |`,
  );
  if (rows.length === 0) return [];
  return ["### Goals", "", "| what | goal | seen | reached |\n| --- | --- | --- | --- |", ...rows, ""];
}

function races({ races: all, contestants }: Results): string[] {
  if (all.length === 0) return [];
  const names = [...new Set(all.map(({ race }) => race))];
  const rows = names.map((race) => {
    const cells = contestants.map((contestant) => {
      const found = all.find((one) => one.race === race && one.contestant === contestant);
      if (found === undefined) return "-";
      return `${found.isRight ? "" : "**wrong**: "}${[...new Set(found.outcomes)].join("; ")}`;
    });
    return `| ${race} | ${cells.join(" | ")} |`;
  });
  return [
    "### Races, three times each",
    "",
    `| race | ${contestants.join(" | ")} |\n| --- |${" --- |".repeat(contestants.length)}`,
    ...rows,
    "",
  ];
}

function cycles({ cycles: all }: Results): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ contestant, requests, failed, differences, cpuMs, firstFailure }) => {
    const failures = `${failed}${firstFailure === undefined ? "" : ` (${firstFailure})`}`;
    return `| ${contestant} | ${requests} | ${ms(summed(cpuMs).median)} | ${failures} | ${differences} |`;
  });
  return [
    "### Entra's first cycle",
    "",
    "People, updates, managers, groups, members and leavers, with the flag for compliance, and everything read back at the end. CPU: ms a request; differences: people and groups that do not read back as they were sent.",
    "",
    "| server | requests | CPU | failed | differences |\n| --- | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
  ];
}

function who({ contestants: names }: Results): string[] {
  const rows = contestants
    .filter(({ name }) => names.includes(name))
    .map(({ name, keepsIn, does }) => `| ${name} | ${keepsIn} | ${does} |`);
  return ["### What each does", "", "| server | keeps its data in | notes |\n| --- | --- | --- |", ...rows, ""];
}

/** Three digits are more than a measurement has. */
function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
