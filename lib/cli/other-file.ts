/** A stack that was made of another tenant file than the one that is here: what is judged by the one is done by the other. */
import type { Operations } from "../ops/operations.ts";
import { isOtherFile } from "../ops/other-file.ts";
import { type Io, styled } from "./io.ts";
import { paragraph } from "./paragraph.ts";

/** `what`: the end of the sentence, after "than the one here". */
export function noteOtherFile(
  io: Io,
  operations: Operations,
  what = "this is what the one here would do after a deployment",
): void {
  if (!isOtherFile(operations)) return;
  const text = `The stack was deployed with another tenant file than the one here: ${what}.`;
  paragraph(io, styled(io, "yellow", text));
}
