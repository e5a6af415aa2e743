import { renameSync, writeFileSync } from "node:fs";

/**
 * Writes a document into a file: all of it, or nothing. Throws what the disk has to say, each time in the same words, so
 * that people are told once.
 */
export function writeWhole(path: string, document: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(document)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
