/** What `npm run bench:peers` is told; without anything it measures what the goals ask for. */
import { parseArgs } from "node:util";
import { contestants } from "./contestants.ts";

export interface PeersOptions {
  /** Ascending. */
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly contestants: readonly string[];
  /** After that nothing more is begun. */
  readonly minutes: number;
}

const names = contestants.map(({ name }) => name);
export const defaults: PeersOptions = { sizes: [1_000, 10_000, 50_000], rounds: 5, contestants: names, minutes: 25 };

/** Ends the process with one sentence when an option is not understood. */
export function optionsOf(args: readonly string[]): PeersOptions | "render" {
  try {
    return parsed(args);
  } catch (error) {
    console.error(`bench:peers: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
}

function parsed(args: readonly string[]): PeersOptions | "render" {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { sizes: text, rounds: text, servers: text, minutes: text, render: { type: "boolean" } },
  });
  if (values.render === true) return "render";
  const sizes = values.sizes?.split(",").map((size) => whole("--sizes", size, 200, 200_000));
  const servers = values.servers?.split(",");
  const unknown = servers?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--servers knows ${names.join(", ")}, and no "${unknown}"`);
  return {
    sizes: sizes?.sort((a, b) => a - b) ?? defaults.sizes,
    rounds: values.rounds === undefined ? defaults.rounds : whole("--rounds", values.rounds, 1, 20),
    contestants: servers ?? names,
    minutes: values.minutes === undefined ? defaults.minutes : whole("--minutes", values.minutes, 1, 600),
  };
}

function whole(option: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Error(`${option} takes whole numbers from ${least} to ${most}, and not "${value}"`);
}
