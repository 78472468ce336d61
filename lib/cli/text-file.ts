/** A text file that a command is given. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { UsageError } from "./io.ts";

export interface TextFile {
  readonly text: string;
  /** SHA-256 of its bytes, in hex. */
  readonly hash: string;
}

/** Errors: UsageError when it is not there or cannot be read. */
export function readTextFile(path: string): TextFile {
  const bytes = bytesOf(path);
  return { text: decoded(bytes), hash: createHash("sha256").update(bytes).digest("hex") };
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(code === "ENOENT" ? `There is no file ${path}.` : `${path} cannot be read: ${code}.`, {
      cause: error,
    });
  }
}

/** PowerShell's exports are UTF-16. */
function decoded(bytes: Buffer): string {
  return bytes[0] === 0xff && bytes[1] === 0xfe ? new TextDecoder("utf-16le").decode(bytes) : bytes.toString("utf8");
}
