import type { Config } from "../../config/config.ts";
import type { Failure, Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { ChangeWatch } from "../../follow/change-watch.ts";
import type { KnownRun } from "../../follow/run-watch.ts";
import { RunWatch } from "../../follow/run-watch.ts";
import { Tail } from "../../follow/tail.ts";
import type { WatchRow } from "../../follow/watch-row.ts";
import { firstFailure } from "../../follow/watch-row.ts";
import type { WatchView } from "../../follow/watch-view.ts";
import { runPaths } from "../../handoff/paths.ts";
import { Arrivals } from "../runs/arrivals.ts";
import type { Command } from "../command.ts";
import { readKnownRun } from "../runs/known-run.ts";
import { leaveCode } from "../leave-code.ts";
import { openWatchView } from "../live/open-watch-view.ts";
import { reportFailure } from "../report.ts";
import { remark } from "../terminal/remark.ts";
import { looksAt } from "../runs/run-life.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";

type WatchCommand = Command & { name: "watch" };

/** `delegate watch [runId…]`: how runs stand, live. */
export async function runWatch(command: WatchCommand, shell: Shell): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportFailure(config.failure, shell);
  const named = readNamedRuns(command.runIds, config.value);
  if (!named.ok) return reportFailure(named.failure, shell);
  const change = new ChangeWatch({ leastMs: 100, mostMs: 500 });
  const view = await openWatchView(command.isPlain, change, shell);
  const session = new WatchSession(config.value, change, view, shell);
  try {
    const ended =
      named.value.length > 0
        ? await session.watchNamed(named.value)
        : await session.watchAll(command.isQuiet);
    const [troubled = 0] = session.troubles.map((reason) => reportFailure(reason, shell));
    if (ended === null) return leaveCode(shell.signal);
    return command.hasExitStatus ? firstFailure(ended) : troubled;
  } finally {
    session.close();
  }
}

function readNamedRuns(
  runIds: readonly string[],
  { handoffDir }: Config,
): Result<readonly KnownRun[]> {
  const found: KnownRun[] = [];
  for (const runId of runIds) {
    const request = readKnownRun(handoffDir, runId);
    if (!request.ok) return request;
    const { agent, createdAt } = request.value;
    found.push({ runId, agent, createdAtMs: Date.parse(createdAt) });
  }
  return success(found);
}

/** One view of runs, from its beginning to its end. */
class WatchSession {
  readonly #config: Config;
  readonly #change: ChangeWatch;
  readonly #view: WatchView;
  readonly #shell: Shell;
  readonly #watch: RunWatch;
  /** Why runs were left out, to be told below what was drawn. */
  readonly troubles: Failure[] = [];

  constructor(config: Config, change: ChangeWatch, view: WatchView, shell: Shell) {
    this.#config = config;
    this.#change = change;
    this.#view = view;
    this.#shell = shell;
    this.#watch = new RunWatch({
      open: (runId) => new Tail(runPaths(config.handoffDir, runId).events),
      looksAt: (runId) => looksAt(config.handoffDir, runId, shell.clock),
      nowMs: this.#nowMs,
      onRow: (row, atMs) => view.onRow(row, atMs),
      onTrouble: (reason) => this.troubles.push(reason),
    });
  }

  /** Stays until all of these have ended, which is how it returns them; null when it was told to leave. */
  async watchNamed(runs: readonly KnownRun[]): Promise<readonly WatchRow[] | null> {
    for (const run of runs) this.#add(run, false);
    const all: WatchRow[] = [];
    while (!this.#shell.signal.aborted) {
      const ended = await this.#read();
      all.push(...ended);
      if (this.#watch.rows.length === 0) {
        this.#view.finish([], ended, this.#nowMs());
        return all;
      }
      if (!(await this.#showAndWait(ended))) return all;
    }
    return this.#leave();
  }

  /** Stays with all runs in flight until it is told to leave, or nobody looks any more. */
  async watchAll(isQuiet: boolean): Promise<readonly WatchRow[] | null> {
    const { logDir } = this.#config;
    const arrivals = new Arrivals(this.#config, this.#nowMs);
    this.#change.add(logDir);
    try {
      for (const run of arrivals.inFlight().toReversed()) this.#add(run, false);
      if (!isQuiet && !this.#shell.stdout.isTerminal && this.#watch.rows.length === 0)
        remark("no run in flight; waiting for one", this.#shell);
      while (!this.#shell.signal.aborted) {
        for (const run of arrivals.newcomers()) this.#add(run, run.isNew);
        if (!(await this.#showAndWait(await this.#read()))) return [];
      }
      return this.#leave();
    } finally {
      arrivals.close();
    }
  }

  close(): void {
    this.#watch.close();
    this.#change.close();
  }

  readonly #nowMs = (): number => this.#shell.clock.nowMs();

  #add(run: KnownRun, isNew: boolean): void {
    this.#change.add(this.#folderOf(run.runId));
    this.#watch.add(run, isNew);
  }

  async #read(): Promise<readonly WatchRow[]> {
    const ended = await this.#watch.read(this.#shell.signal);
    for (const { runId } of ended) this.#change.remove(this.#folderOf(runId));
    return ended;
  }

  /** Whether it still makes sense to go on. */
  async #showAndWait(ended: readonly WatchRow[]): Promise<boolean> {
    this.#view.show(this.#watch.rows, ended, this.#nowMs());
    if (this.#shell.stdout.isAbandoned) return false;
    if (this.#watch.isBehind) this.#change.notice();
    await this.#change.next(this.#shell.signal);
    return true;
  }

  #leave(): null {
    this.#view.finish(this.#watch.rows, [], this.#nowMs());
    return null;
  }

  #folderOf(runId: string): string {
    return runPaths(this.#config.handoffDir, runId).folder;
  }
}
