import { dirname, join } from "node:path";
import type { Config } from "../../config/config.ts";
import { launcherPath } from "../../launcher-path.ts";
import type { FlowFolders } from "../../flows/file/locate.ts";

/** Where flows and personas are looked for; without a config, only those that come with the program. */
export function flowFoldersOf(config: Config | null): FlowFolders {
  return { flowsDir: config?.flows.dir ?? null, packageDir: packageFolder() };
}

/** The folder of the flows that come with the program; their commands find their helpers there. */
export function builtInFlowsFolder(): string {
  return join(packageFolder(), "flows");
}

function packageFolder(): string {
  return dirname(dirname(launcherPath()));
}
