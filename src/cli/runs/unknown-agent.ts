import type { Config } from "../../config/config.ts";
import { nearest } from "../../text/nearest.ts";
import type { Shell } from "../shell.ts";
import { remark } from "../terminal/remark.ts";

/** Says that no agent has the name whose runs are asked for. Runs of one that the config had once are shown all the same. */
export function remarkUnknownAgent(name: string, { agents, path }: Config, shell: Shell): void {
  const names = Object.keys(agents);
  if (names.includes(name)) return;
  const guess = nearest(name, names);
  const meant = guess === null ? "" : `; did you mean ${guess}?`;
  remark(`there is no agent ${JSON.stringify(name)} in ${path}${meant}`, shell);
}
