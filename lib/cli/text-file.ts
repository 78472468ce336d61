/** A text file that a command is given. */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { UsageError } from "./io.ts";

export interface TextFile {
  readonly text: string;
  /** SHA-256 of its bytes, in hex. */
  readonly hash: string;
}

/** Errors: UsageError when it is not there, cannot be read, or has letters in another encoding, which would be stored wrong. */
export function readTextFile(path: string): TextFile {
  const bytes = bytesOf(path);
  return { text: decoded(bytes, path), hash: createHash("sha256").update(bytes).digest("hex") };
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
function decoded(bytes: Buffer, path: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  // What holds a zero is no text at all, which whoever reads it says.
  if (isUtf8(bytes) || bytes.includes(0)) return bytes.toString("utf8");
  const row = firstRowInAnotherEncoding(bytes);
  throw new UsageError(
    `${path} is not in UTF-8: row ${row.toLocaleString("en")} has letters of another encoding. Save it as UTF-8 (in a spreadsheet: "CSV UTF-8").`,
  );
}

/** From 1. No letter of UTF-8 holds the byte that ends a line. */
function firstRowInAnotherEncoding(bytes: Buffer): number {
  let row = 1;
  for (let from = 0; from < bytes.length; row += 1) {
    const end = bytes.indexOf("\n", from);
    if (end === -1 || !isUtf8(bytes.subarray(from, end))) return row;
    from = end + 1;
  }
  return row;
}
