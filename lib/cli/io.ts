/** What the command has of the world around it, so that tests can be that world. */
import { styleText } from "node:util";
import type { Clock } from "../provisioning/ports.ts";
import type { CdkProgram } from "./cdk.ts";

export interface Io {
  /** What was asked for. Writes the text as it is. */
  readonly stdout: (text: string) => void;
  /** All else: progress, questions, errors. */
  readonly stderr: (text: string) => void;
  /** People look at stdout: colours. */
  readonly colours: boolean;
  /** How wide their terminal is. Absent: 80 columns. */
  readonly columns?: number;
  /** People look at stderr: a progress bar instead of lines. Absent: lines. */
  readonly barStream?: NodeJS.WritableStream;
  /** Absent: nobody is there to ask. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** From the first call on, Ctrl-C aborts this signal, and the second one ends the program. */
  readonly interruption: () => AbortSignal;
  readonly settings: Settings;
}

/** Of the environment; read in bin/rollcall.ts alone. */
export interface Settings {
  /** Absent: the machine's. */
  readonly clock?: Clock;
  /** Of this program. */
  readonly version?: string;
  /** ROLLCALL_DATA: the folder of the embedded data. */
  readonly dataDir: string;
  /** ROLLCALL_TENANT: whose embedded data. */
  readonly tenant: string;
  readonly tenantsDir: string;
  /** Of npm start, by HOST and PORT. */
  readonly baseUrl?: string;
  /** ROLLCALL_WEBHOOKS: webhooks of the embedded data that are sent to a program on this machine. */
  readonly webhooks?: string;
  /** ROLLCALL_TOKEN */
  readonly token?: string;
  readonly cdk?: CdkProgram;
}

/** The command was not given as it must be: one sentence, exit code 2. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

const columnsUsual = 80;
/** Lines that are longer are hard to read, and tables with much space in them as well. */
const columnsMost = 120;
const columnsLeast = 40;

/** The columns that text and tables may take. */
export function widthOf({ columns = columnsUsual }: Io): number {
  return Math.min(columnsMost, Math.max(columnsLeast, columns));
}

export function line(io: Io, text = ""): void {
  io.stdout(`${text}\n`);
}

export function note(io: Io, text: string): void {
  io.stderr(`${text}\n`);
}

type Style = "bold" | "dim" | "red" | "green" | "yellow";

export function styled(io: Io, style: Style, text: string): string {
  return io.colours ? styleText(style, text, { validateStream: false }) : text;
}
