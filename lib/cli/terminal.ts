/** The terminal that the command is run on: colours, questions, Ctrl-C. */
import { createInterface } from "node:readline/promises";
import type { Io, Settings } from "./io.ts";

export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** `plain`: no colours even on a terminal (NO_COLOR). */
export function terminalIo(streams: Streams, settings: Settings, options: { plain: boolean }): Io {
  const { stdin, stdout, stderr } = streams;
  let interruption: AbortSignal | undefined;
  for (const stream of [stdout, stderr]) stream.on("error", endWithReader);
  return {
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    colours: stdout.isTTY && !options.plain,
    ...(stdout.isTTY ? { columns: stdout.columns } : {}),
    ...(stderr.isTTY ? { barStream: stderr } : {}),
    ...(stdin.isTTY && stderr.isTTY ? { confirm: (question) => confirm(streams, question) } : {}),
    interruption: () => (interruption ??= untilInterrupted()),
    settings,
  };
}

/** `rollcall … | head` has read enough: no error, and nobody is left to be told. The exit code is what a shell says of SIGPIPE. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(141);
}

/** Anything but y or yes is no, Ctrl-C and the end of input too. */
async function confirm({ stdin, stderr }: Streams, question: string): Promise<boolean> {
  const terminal = createInterface({ input: stdin, output: stderr });
  const stopped = new AbortController();
  terminal.once("SIGINT", () => stopped.abort());
  terminal.once("close", () => stopped.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: stopped.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
    stderr.write("\n");
    return false;
  } finally {
    terminal.close();
  }
}

/** `once`: the second Ctrl-C finds no listener and ends the program. */
function untilInterrupted(): AbortSignal {
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  return stopped.signal;
}
