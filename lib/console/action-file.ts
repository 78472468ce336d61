/** The action log as a file in the data folder, for its owner's eyes. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ActionRecord } from "./action-log.ts";

export const actionFileName = "console-actions.jsonl";

/** Errors, at the first action: the file system's. */
export function actionFile(folder: string): (record: ActionRecord) => void {
  return (record) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    appendFileSync(join(folder, actionFileName), `${JSON.stringify(record)}\n`, { mode: 0o600 });
  };
}
