import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { StoredFile } from "../task.ts";

/** A file as later steps hear of it, or null when it can't be read. */
export function storedFileAt(path: string): StoredFile | null {
  try {
    const bytes = readFileSync(path);
    return { path, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch {
    return null;
  }
}
