/** Where a walk that was stopped goes on: `--after` takes what it printed. */
import { UsageError } from "./io.ts";

const id = "[0-9a-f]{8}-[0-9a-f-]{27}";
const forms = {
  /** Of a walk over one resource type. */
  id: new RegExp(`^${id}$`),
  /** Of a walk over several: `User/2819c223-…` */
  typeAndId: new RegExp(`^[A-Za-z][A-Za-z0-9]*/${id}$`),
};

/** Errors: UsageError when there is a text that is none. */
export function checkPosition(text: string | undefined, form: keyof typeof forms): void {
  if (text === undefined || forms[form].test(text)) return;
  throw new UsageError(`"${text}" is no position; --after takes what a stopped run printed.`);
}
