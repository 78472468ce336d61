/** A stack that was made of another tenant file than the one that is here: what is judged by the one is done by the other. */
import { OperationError, type Operations } from "./operations.ts";

export function isOtherFile({ deployment }: Pick<Operations, "deployment">): boolean {
  return deployment?.deployedHash !== undefined && deployment.deployedHash !== deployment.fileHash;
}

/** Errors: OperationError when the stack was made of another tenant file: its worker has another mapping. */
export function refuseOtherFile(operations: Pick<Operations, "deployment" | "tenant">): void {
  if (!isOtherFile(operations)) return;
  const { name } = operations.tenant;
  throw new OperationError(
    `The stack was deployed with another tenants/${name}.json than the one here, so its worker has another mapping: \`npm run deploy -- ${name}\` first.`,
  );
}
