import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";

/** The files of one whole run of the tests are less than this at any time, in bytes. */
const ROOM = 1024 ** 3;

/**
 * Where tests make their folders: in memory, where that can be had, because a disk makes them wait twice as long. Whoever
 * names a place in TMPDIR has the last word.
 */
export function temporaryPlace(): string {
  const isFree = process.env["TMPDIR"] === undefined && existsSync(MEMORY);
  return isFree && hasRoom(MEMORY) && canRunPrograms(MEMORY) ? MEMORY : tmpdir();
}

function hasRoom(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ROOM;
}

/** Containers often have such a folder from which nothing can be run. */
function canRunPrograms(parent: string): boolean {
  try {
    const folder = mkdtempSync(join(parent, "delegate-probe-"));
    try {
      const program = join(folder, "probe");
      writeFileSync(program, "#!/bin/sh\n", { mode: 0o700 });
      return spawnSync(program).status === 0;
    } finally {
      rmSync(folder, { recursive: true });
    }
  } catch {
    return false;
  }
}
