import type { RunningCli } from "./rig.ts";
import { until } from "./until.ts";

/** Waits until a command has written something to stderr: what it is told of and what it tells are not one moment. */
export async function hasSaid({ errors }: RunningCli, text: string): Promise<void> {
  await until(() => errors().includes(text), `"${text}" on stderr`);
}
