import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { starterConfig } from "../../config/init.ts";
import { CONFIG_FILE_NAME } from "../../config/locate.ts";
import { codeOf } from "../../thrown.ts";
import type { Command } from "../command.ts";
import { reportFailure } from "../report.ts";
import type { Shell } from "../shell.ts";
import { storageFailure } from "../../run/run-folder.ts";

/** `delegate init`: asks nothing and never overwrites. */
export async function runInit(command: Command & { name: "init" }, shell: Shell): Promise<number> {
  const path = resolve(shell.cwd, command.config ?? CONFIG_FILE_NAME);
  try {
    writeFileSync(path, starterConfig(), { flag: "wx", mode: 0o600 });
  } catch (error) {
    const exists = codeOf(error) === "EEXIST";
    return reportFailure(
      exists
        ? {
            code: "usage",
            message: `${path} exists already`,
            hint: "edit it, or move it away first",
          }
        : { ...storageFailure(path, error), hint: "name a file in a folder that you may write to" },
      shell,
    );
  }
  shell.stdout.write(`wrote ${path}\nnext: put your agents into it, then run: delegate doctor\n`);
  return 0;
}
