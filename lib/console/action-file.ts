/** The action log as a file in the data folder, for its owner's eyes. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ActionRecord } from "./action-log.ts";

export const actionFileName = "console-actions.jsonl";

/** Errors, at the first action: the file system's. */
export function actionFile(folder: string): { actionsAt: string; onAction: (record: ActionRecord) => void } {
  const actionsAt = join(folder, actionFileName);
  const onAction = (record: ActionRecord): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    appendFileSync(actionsAt, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  };
  return { actionsAt, onAction };
}
