import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Replaces a file in one step: nobody sees it half-written, and no link in its place is followed. A durable one is whole
 * also after a power cut, for which the disk is waited for.
 */
export function replaceFile(
  folder: string,
  name: string,
  content: string | Uint8Array,
  isDurable: boolean,
): void {
  // Processes in other containers may have the same id.
  const aside = `${folder}/.${name}.${process.pid}.${process.hrtime.bigint()}.tmp`;
  try {
    writeFileSync(aside, content, { mode: 0o600, flag: "wx", flush: isDurable });
    renameSync(aside, `${folder}/${name}`);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}
