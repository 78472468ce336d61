/** The form of a profile attribute, `as` in the tenant file: what a value has to become, or why it cannot. */
import { dateOf, dateTimeOf } from "./date-forms.ts";
import type { Scalar, ValueForm } from "./tenant.ts";

const yes: ReadonlySet<string> = new Set(["true", "yes", "y", "on", "1"]);
const no: ReadonlySet<string> = new Set(["false", "no", "n", "off", "0"]);

/** Undefined: it cannot become that. White space at the ends is no part of a number, a date or a yes. */
export function inForm(value: Scalar, form: ValueForm): Scalar | undefined {
  const text = String(value);
  if (form === "text") return text;
  return readers[form](text.trim());
}

const readers: Readonly<Record<Exclude<ValueForm, "text">, (text: string) => Scalar | undefined>> = {
  number: numberOf,
  boolean: (text) => (yes.has(text.toLowerCase()) ? true : no.has(text.toLowerCase()) ? false : undefined),
  date: dateOf,
  dateTime: dateTimeOf,
};

/** With a point, without separators: "1,500" is one and a half in one country and fifteen hundred in the next. */
function numberOf(text: string): number | undefined {
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  // Beyond that JavaScript would round a number that is a name in truth.
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

/** As a message says it: "must be a date". */
export const formNames: Readonly<Record<ValueForm, string>> = {
  text: "a text",
  number: "a number",
  boolean: "true or false",
  date: "a date",
  dateTime: "a date with a time",
};

/** What a sender does about a value that is not understood. `value` is only looked at. */
export function cureOf(value: Scalar, form: ValueForm): string {
  if (form === "number") return "cannot be read as one; send digits, with a point before decimals, such as 12.5";
  if (form === "boolean") return "is neither; send true or false";
  const example = form === "date" ? "2026-11-24" : "2026-11-24T09:30:00Z";
  if (String(value).includes("/")) return `has slashes, which can be read in two ways; send it as ${example}`;
  if (form === "dateTime" && dateOf(String(value).trim()) !== undefined) {
    return `has no offset from UTC; send it as ${example} or 2026-11-24T09:30:00+01:00`;
  }
  return `cannot be read as one; send it as ${example}`;
}
