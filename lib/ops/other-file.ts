/** A stack that was made of another tenant file than the one that is here: what is judged by the one is done by the other. */
import type { Operations } from "./operations.ts";

export function isOtherFile({ deployment }: Pick<Operations, "deployment">): boolean {
  return deployment?.deployedHash !== undefined && deployment.deployedHash !== deployment.fileHash;
}
