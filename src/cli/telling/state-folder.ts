import type { Environment } from "../../environment.ts";
import { isAbsolute, join } from "node:path";
import type { Config } from "../../config/config.ts";
import { homeFolder } from "../../config/locate.ts";
import { makeFolder } from "../../system/make-folder.ts";

/** The folder for what all projects of a user share; it lies with the handoffs where there is no home that can be written. */
export function makeStateFolder(env: Environment, { handoffDir }: Config): string {
  const own = join(handoffDir, ".state");
  for (const folder of [userStateFolder(env), own]) {
    if (folder === null) continue;
    try {
      makeFolder(folder);
      return folder;
    } catch {
      // The next one, or whoever needs the folder says why it can't be had.
    }
  }
  return own;
}

/** A relative XDG path counts as unset. */
function userStateFolder(env: Environment): string | null {
  const xdg = env["XDG_STATE_HOME"];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "delegate");
  const home = homeFolder(env);
  return home === null ? null : join(home, ".local", "state", "delegate");
}
