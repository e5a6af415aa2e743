import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { StoredFile } from "../task.ts";
import { fileUri } from "./file-uri.ts";

/** A file as later steps hear of it, or null when it can't be read. */
export function storedFileAt(path: string): StoredFile | null {
  try {
    const bytes = readFileSync(path);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { path, uri: fileUri(path), bytes: bytes.length, sha256 };
  } catch {
    return null;
  }
}
