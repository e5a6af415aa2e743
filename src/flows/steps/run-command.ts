import { LONGEST_TIMER_MS } from "../../clock.ts";
import { OUTPUT_AFTER_EXIT_MS } from "../../local/output-reader.ts";
import { pauseAwake } from "../../system/awake-pause.ts";
import type { CommandEnd } from "./command-end.ts";
import { runDirectly } from "./run-directly.ts";
import { runInShell } from "./run-in-shell.ts";
import type { ShellPool } from "./shell-pool.ts";
import type { CommandPlan, StartedCommand } from "./started-command.ts";

/** What begins commands. */
export interface CommandTools {
  readonly pool: ShellPool;
  /** What commands inherit. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a command to its end. Of one that had to be ended nothing is left by then. */
export async function runCommand(
  plan: CommandPlan,
  timeoutMs: number | null,
  tools: CommandTools,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const started = await start(plan, tools, signal);
  if (started === null) return { kind: "stopped" };
  const ending = new Ending(started);
  const stop = (): void => ending.begin({ kind: "stopped" });
  const timer =
    timeoutMs === null
      ? undefined
      : setTimeout(
          () => ending.begin({ kind: "timed_out", afterMs: timeoutMs }),
          Math.min(timeoutMs, LONGEST_TIMER_MS),
        );
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await Promise.race([started.exitCode, ending.failed]);
    return (await ending.result()) ?? { kind: "exited", code };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** Null when it is to stop before it has begun. */
async function start(
  plan: CommandPlan,
  { pool, env }: CommandTools,
  signal: AbortSignal,
): Promise<StartedCommand | null> {
  if (signal.aborted) return null;
  // A shell of the pool reads its own stdin, and has none to give.
  const ready = plan.stdin === null ? await pool.take() : null;
  const started = ready === null || signal.aborted ? null : runInShell(plan, ready, pool);
  if (started !== null) return started;
  if (ready !== null) pool.giveBack(ready, true);
  return signal.aborted ? null : runDirectly(plan, env);
}

/** The end of a command that does not come by itself. */
class Ending {
  readonly #command: StartedCommand;
  readonly #failed = Promise.withResolvers<number>();
  #forced: { readonly end: CommandEnd; readonly gone: Promise<void> } | null = null;

  constructor(command: StartedCommand) {
    this.#command = command;
  }

  /** Settles when the command can't be ended, such as one that waits for a dead disk. */
  get failed(): Promise<number> {
    return this.#failed.promise;
  }

  begin(end: CommandEnd): void {
    if (this.#forced !== null) return;
    this.#forced = { end, gone: this.#command.end() };
    void this.#forced.gone
      .then(() => pauseAwake(2 * OUTPUT_AFTER_EXIT_MS, { ref: false }))
      .then(() => this.#failed.resolve(0));
  }

  /** How it ended by force, once nothing is left; null when it was not forced. */
  async result(): Promise<CommandEnd | null> {
    await this.#forced?.gone;
    return this.#forced?.end ?? null;
  }
}
