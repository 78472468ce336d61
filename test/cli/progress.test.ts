import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Io } from "../../lib/cli/io.ts";
import { progress } from "../../lib/cli/progress.ts";

const io = (more: Partial<Io> & Pick<Io, "stderr">): Io => ({
  stdout: () => {},
  colours: false,
  interruption: () => new AbortController().signal,
  settings: { dataDir: "", tenant: "", tenantsDir: "" },
  ...more,
});

afterEach(() => void vi.restoreAllMocks());

describe("progress", () => {
  test("without a terminal: plain lines now and then, and one at the end", () => {
    const lines: string[] = [];
    const { onProgress, stop } = progress(io({ stderr: (text) => void lines.push(text) }), "replaying");
    onProgress(1, 500);
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_000);
    for (let done = 2; done <= 500; done += 1) onProgress(done, 500);
    stop();
    stop();
    expect(lines).toEqual([expect.stringMatching(/^replaying: 500 of 500, \d+\/s\n$/)]);
  });

  test("of what took no time no rate is said", () => {
    const lines: string[] = [];
    vi.spyOn(performance, "now").mockReturnValue(1_000);
    const { onProgress, stop } = progress(io({ stderr: (text) => void lines.push(text) }), "replaying");
    for (const done of [1, 500]) onProgress(done, 500);
    stop();
    expect(lines).toEqual(["replaying: 500 of 500\n"]);
  });

  test("nothing done is nothing said", () => {
    const lines: string[] = [];
    progress(io({ stderr: (text) => void lines.push(text) }), "replaying").stop();
    expect(lines).toEqual([]);
  });

  test("on a terminal: after half a second a bar with counts, rate and time left", () => {
    const stream = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 80,
      cursorTo: () => true,
      clearLine: () => true,
    });
    const { onProgress, stop } = progress(io({ stderr: () => {}, barStream: stream }), "replaying");
    onProgress(1, 10);
    expect(stream.read()).toBeNull();
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_000);
    onProgress(10, 10, "replaying");
    stop();
    expect(stripVTControlCharacters(String(stream.read()))).toMatch(/replaying \[=+\] 10\/10 +\d+\/s +\S+ s? ?left/);
  });
});
