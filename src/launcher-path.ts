import { fileURLToPath } from "node:url";

/** The program's own entry, for starting it again: beside this folder both in the sources and in the package. */
export function launcherPath(): string {
  return fileURLToPath(new URL("../bin/launch.cjs", import.meta.url));
}
