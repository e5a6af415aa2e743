import type { Config } from "../../config/config.ts";
import type { RunEvent } from "../../events/event.ts";
import { AgentNames } from "../../follow/agent-names.ts";
import type { Attended } from "../../follow/attendance.ts";
import { Attendance } from "../../follow/attendance.ts";
import { ChangeWatch } from "../../follow/change-watch.ts";
import { dayOf, startOfDayMs } from "../../follow/day.ts";
import { DayTails } from "../../follow/days.ts";
import type { LineBatch } from "../../follow/follow-lines.ts";
import { followLines } from "../../follow/follow-lines.ts";
import type { LineSource } from "../../follow/line-source.ts";
import { sinceAtMs } from "../../follow/since.ts";
import { Tail } from "../../follow/tail.ts";
import { exitCodeOfEnd } from "../../follow/watch-row.ts";
import { runPaths } from "../../handoff/paths.ts";
import type { RunRequest } from "../../run/stored/request.ts";
import { folderGone } from "../../run/failures/run-failures.ts";
import { readRequest, storageFailure } from "../../run/stored/run-folder.ts";
import type { Command } from "../command.ts";
import { readKnownRun } from "../runs/known-run.ts";
import { leaveCode } from "../leave-code.ts";
import { LogPrinter } from "../runs/log-printer.ts";
import { reportFailure } from "../report.ts";
import { remark } from "../terminal/remark.ts";
import { looksAt } from "../runs/run-life.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import { remarkUnknownAgent } from "../runs/unknown-agent.ts";
import type { Shell } from "../shell.ts";

type LogsCommand = Command & { name: "logs" };

/** `delegate logs [runId]`: what has happened, and with `--follow` what happens. */
export async function runLogs(command: LogsCommand, shell: Shell): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportFailure(config.failure, shell);
  if (command.agent !== null && !command.isQuiet)
    remarkUnknownAgent(command.agent, config.value, shell);
  const change = command.isFollowing ? new ChangeWatch({ leastMs: 50, mostMs: 500 }) : null;
  try {
    if (command.runId === null) return await printAll(config.value, change, command, shell);
    const request = readKnownRun(config.value.handoffDir, command.runId);
    if (!request.ok) return reportFailure(request.failure, shell);
    return await printRun(request.value, config.value, change, command, shell);
  } finally {
    change?.close();
  }
}

async function printAll(
  config: Config,
  change: ChangeWatch | null,
  command: LogsCommand,
  shell: Shell,
): Promise<number> {
  const nowMs = shell.clock.nowMs();
  const fromMs = command.since === null ? startOfDayMs(nowMs) : sinceAtMs(command.since, nowMs);
  const agents = new AgentNames((runId) => agentOf(config.handoffDir, runId));
  const printer = new LogPrinter({ ...command, fromMs, agents, namesRuns: true }, shell.stdout);
  const log = new DayTails({
    folder: config.logDir,
    firstDay: dayOf(fromMs),
    from: "start",
    nowMs: () => shell.clock.nowMs(),
  });
  change?.add(config.logDir);
  return printLines(log, change, command, shell, (batch) => {
    printer.print(batch.lines);
    return null;
  });
}

async function printRun(
  request: RunRequest,
  config: Config,
  change: ChangeWatch | null,
  command: LogsCommand,
  shell: Shell,
): Promise<number> {
  const { runId, agent } = request;
  const paths = runPaths(config.handoffDir, runId);
  const fromMs = command.since === null ? null : sinceAtMs(command.since, shell.clock.nowMs());
  const agents = new AgentNames(() => agent);
  const printer = new LogPrinter({ ...command, fromMs, agents, namesRuns: false }, shell.stdout);
  const follower = new RunFollower(request, config, command, shell);
  change?.add(paths.folder);
  return printLines(new Tail(paths.events), change, command, shell, (batch) => {
    for (const event of printer.print(batch.lines)) follower.note(event);
    return batch.isAtEnd && change !== null ? follower.exitCode() : null;
  });
}

/** Prints until there is no more, or until the exit code is known. */
async function printLines(
  source: LineSource,
  change: ChangeWatch | null,
  command: LogsCommand,
  shell: Shell,
  take: (batch: LineBatch) => number | null,
): Promise<number> {
  let hasWarned = false;
  try {
    for await (const batch of followLines(source, change, shell.signal)) {
      const exitCode = take(batch);
      if (exitCode !== null) return exitCode;
      if (shell.stdout.isAbandoned) return 0;
      const { trouble } = source;
      if (trouble === null || hasWarned) continue;
      hasWarned = true;
      const exitCodeOfTrouble = reportFailure(storageFailure(trouble.path, trouble.error), shell);
      if (!command.isFollowing) return exitCodeOfTrouble;
    }
    return shell.signal.aborted ? leaveCode(shell.signal) : 0;
  } finally {
    source.close();
  }
}

/** Knows when following a run is over, and says when nobody drives it. */
class RunFollower {
  readonly #request: RunRequest;
  readonly #attendance: Attendance;
  readonly #command: LogsCommand;
  readonly #shell: Shell;
  #end: (RunEvent & { type: "run_ended" }) | null = null;
  #told: Attended = "driven";

  constructor(request: RunRequest, config: Config, command: LogsCommand, shell: Shell) {
    const looks = looksAt(config.handoffDir, request.runId, shell.clock);
    this.#request = request;
    this.#attendance = new Attendance(looks, () => shell.clock.nowMs());
    this.#command = command;
    this.#shell = shell;
  }

  note(event: RunEvent): void {
    this.#attendance.note(event);
    if (event.type === "run_ended") this.#end = event;
  }

  /** The exit code with which following ends now, or null when it goes on. */
  exitCode(): number | null {
    if (this.#end !== null) return exitCodeOfEnd(this.#end);
    const { now } = this.#attendance;
    if (now === "gone") return reportFailure(folderGone(this.#request), this.#shell);
    if (now !== this.#told && !this.#command.isQuiet) this.#tell(now);
    this.#told = now;
    return null;
  }

  #tell(now: Exclude<Attended, "gone">): void {
    const { runId } = this.#request;
    if (now === "undriven") {
      const unseen = "so its end will not be seen";
      remark(`nobody waits for run ${runId}, ${unseen}; delegate wait ${runId} does`, this.#shell);
    }
    if (now === "handed_over")
      remark(`run ${runId} is handed over; delegate wait ${runId} takes it`, this.#shell);
  }
}

function agentOf(handoffDir: string, runId: string): string | null {
  const request = readRequest(runPaths(handoffDir, runId));
  return request.ok ? (request.value?.agent ?? null) : null;
}
