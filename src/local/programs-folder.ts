import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { shellWord } from "../text/shell-quote.ts";
import { makeFolder } from "../system/make-folder.ts";

/** Makes a folder for the front of the agents' PATH, in which `delegate` is this very program. */
export function makeProgramsFolder(folder: string, launcherPath: string): void {
  makeFolder(folder);
  const program = `${folder}/delegate`;
  const temporary = `${program}.${process.pid}.tmp`;
  // A script and no link: it needs neither the launcher to be executable nor a node in the agent's PATH.
  const words = [process.execPath, launcherPath].map(shellWord).join(" ");
  writeFileSync(temporary, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(temporary, 0o700);
  renameSync(temporary, program);
}
