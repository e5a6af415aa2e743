import type { Environment } from "../environment.ts";
import { calmWasm } from "./calm-wasm.ts";
import { carryOut } from "./carry-out.ts";
import type { Command } from "./command.ts";
import { leaveOnSignals } from "./leave-on-signals.ts";
import { reportBug } from "./report-bug.ts";
import type { Shell } from "./shell.ts";
import { openWriter } from "./terminal/writer.ts";
import { monotonicClock } from "../system/monotonic-clock.ts";

/** What the program is started with. */
export interface Invocation {
  /** The command line without the program's own words. */
  readonly words: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
}

/** Carries out one command line with what the process has; the value is the process's exit code. */
export async function main({ words, env, cwd }: Invocation): Promise<number> {
  let leaving: AbortSignal | null = null;
  let preparing: Promise<void> | null = null;
  const shell: Shell = {
    env,
    cwd,
    stdout: openWriter(1),
    stderr: openWriter(2),
    clock: monotonicClock,
    prepareForHttp: () => (preparing ??= calmWasm()),
    crashTellers: new Set(),
    get signal() {
      return (leaving ??= leaveOnSignals());
    },
  };
  return carryOut(words, shell, (command) => {
    if (staying.has(command.name)) exitOnBug(command, shell);
  });
}

/** The commands that may stay for long, with much going on besides. */
const staying: ReadonlySet<Command["name"]> = new Set(["delegate", "wait", "flow", "worker"]);

/** What is thrown where nobody waits for it, as in a timer, ends the process like any other bug. */
function exitOnBug(command: Command, shell: Shell): void {
  const exit = async (error: unknown): Promise<void> =>
    process.exit(await reportBug(error, command, shell));
  process.once("uncaughtException", (error) => void exit(error));
}
