/** Where an operator reads what to do: the sections of docs/operating.md, which test/cdk/runbook.test.ts finds there. */

/** As far as a description can name it when nobody said where the page is read. */
const page = "docs/operating.md";

export type RunbookSection =
  | "when-an-alarm-rings"
  | "alarm-dead-letters"
  | "alarm-oldest-pending"
  | "alarm-leavers-late"
  | "alarm-leavers-waiting"
  | "alarm-brake-tripped"
  | "alarm-publisher-behind"
  | "alarm-unpublished"
  | "alarm-sink-dead-letters"
  | "alarm-function-errors"
  | "alarm-server-errors";

/** `url`: of the page, as the operators' browsers reach it. */
export function runbook(section: RunbookSection, url = page): string {
  return `${url}#${section}`;
}
