import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";

/** A disk in memory that is soon full. */
export interface SmallDisk {
  readonly makeReadOnly: () => void;
  readonly unmount: () => void;
}

/** A disk in memory, or null where this process may not mount one. */
export function mountSmallDisk(folder: string, size: string): SmallDisk | null {
  mkdirSync(folder);
  const options = `size=${size},mode=700`;
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  if (mounted.status !== 0) return null;
  return {
    makeReadOnly: () => void spawnSync("mount", ["-o", "remount,ro", folder]),
    unmount: () => void spawnSync("umount", ["-l", folder]),
  };
}

/** Takes all the room that is left. */
export function fill(folder: string): void {
  spawnSync("dd", ["if=/dev/zero", `of=${folder}/filler`, "bs=4096"], { stdio: "ignore" });
  if (readFileSync(`${folder}/filler`).length === 0) throw new Error("nothing to fill");
}
