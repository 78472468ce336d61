/** How far a long operation is: a bar with rate and time left for people, a line now and then for a log. */
import { SingleBar } from "cli-progress";
import type { OnProgress } from "../ops/operations.ts";
import { newPace } from "../ops/pace.ts";
import { type Io, note } from "./io.ts";
import { age } from "./words.ts";

export interface Progress {
  readonly onProgress: OnProgress;
  readonly stop: () => void;
}

const lineEveryMs = 5_000;
/** What is over sooner needs no bar. */
const barAfterMs = 500;

export function progress(io: Io, label: string): Progress {
  return io.barStream === undefined ? lines(io, label) : bar(io.barStream, label);
}

function bar(stream: NodeJS.WritableStream, label: string): Progress {
  const format = "{what} [{bar}] {value}/{total}  {rate}/s  {left} left";
  const single = new SingleBar({ format, stream, barsize: 20, hideCursor: true, fps: 5 });
  const pace = newPace();
  const begun = performance.now();
  return {
    onProgress: (done, total, what = label) => {
      const { rate, leftMs } = pace(done, total);
      const values = {
        what,
        rate: rate === 0 ? "?" : Math.round(rate),
        left: leftMs === undefined ? "?" : age(leftMs),
      };
      if (!single.isActive && performance.now() - begun < barAfterMs) return;
      if (!single.isActive) single.start(total, done, values);
      single.setTotal(total);
      single.update(done, values);
    },
    stop: () => single.stop(),
  };
}

function lines(io: Io, label: string): Progress {
  const pace = newPace();
  let saidAt = performance.now();
  let said = "";
  let latest = "";
  const say = () => {
    if (latest !== said) note(io, latest);
    said = latest;
    saidAt = performance.now();
  };
  return {
    onProgress: (done, total, what = label) => {
      const { rate, leftMs } = pace(done, total);
      const left = done < total && leftMs !== undefined ? `, ${age(leftMs)} left` : "";
      const speed = rate === 0 ? "" : `, ${Math.round(rate)}/s`;
      latest = `${what}: ${done} of ${total}${speed}${left}`;
      if (performance.now() - saidAt >= lineEveryMs) say();
    },
    stop: say,
  };
}
