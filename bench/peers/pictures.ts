/** The pictures of a run: cost by size, one for each operation that tells the servers apart. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chartSvg } from "./chart.ts";
import type { Results } from "./results.ts";
import { summed } from "./statistics.ts";

const pictures: Readonly<Record<string, string>> = {
  "group: add 1 member": "peers-group-add-1",
  "group: add 100 members": "peers-group-add-100",
  "look up by userName": "peers-look-up",
  "list a deep page": "peers-deep-page",
};

/** A line is drawn also for a server whose answers are wrong; it says so. The files' names. */
export function drawPictures({ samples, contestants }: Results, folder: string): string[] {
  return Object.entries(pictures).flatMap(([operation, name]) => {
    const lines = contestants.flatMap((contestant) => {
      const own = samples.filter((one) => one.operation === operation && one.contestant === contestant);
      if (own.length === 0) return [];
      const points = own.map(({ size, cpuMs }) => ({ x: size, y: Math.max(0.01, summed(cpuMs).median) }));
      const isWrong = own.some(({ wrong }) => wrong > 0);
      return [
        { name: isWrong ? `${contestant} (wrong answers)` : contestant, points: points.sort((a, b) => a.x - b.x) },
      ];
    });
    if (lines.length === 0) return [];
    const xName = operation.startsWith("group") ? "members of the group" : "users";
    const path = join(folder, `${name}.svg`);
    writeFileSync(path, chartSvg({ title: operation, xName, yName: "server CPU, ms an operation", lines }));
    return [path];
  });
}
