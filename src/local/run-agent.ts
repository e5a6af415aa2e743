import { basename, delimiter } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { toIso } from "../clock.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import type { AgentEnd } from "../gateway/hook.ts";
import { readMessageHeader } from "../run/sending/prompt-header.ts";
import { thisProcess } from "../run/stored/process-identity.ts";
import type { MessageHeader } from "../run/sending/prompt-header.ts";
import { concludeRun, failedHandoff } from "./conclude-run.ts";
import type { CommandReport } from "./command-end.ts";
import type { CallRequest } from "./decide-call.ts";
import type { Environment } from "../environment.ts";
import { isOwnHandoffPath, lookForHandoff, writeHandoff } from "./handoff-file.ts";
import type { GatewayLog } from "./log.ts";
import { prepareCommand } from "./prepare-command.ts";
import type { PreparationProblem, PreparedCommand } from "./prepare-command.ts";
import { runCommand } from "./run-command.ts";
import type { RunningCommand } from "./run-command.ts";
import type { HandoffDraft, HandoffOrigin } from "./wrap-stdout.ts";

/** What a gateway lends to all of its runs. */
export interface AgentHost {
  readonly env: Environment;
  readonly programsFolder: string;
  readonly graceMs: number;
  readonly log: GatewayLog;
  readonly clock: Clock;
}

/** A call together with the config that it was checked against. */
export interface AgentCall extends CallRequest {
  readonly config: Config;
}

/** One run of a command agent. */
export interface AgentRun {
  /** Settles once the command has been started, or could not be. */
  readonly started: Promise<void>;
  /** Settles when the handoff is written and no process is left. */
  readonly ended: Promise<AgentEnd>;
  /** The run that its message names, or null. */
  readonly runId: string | null;
  /** Ends it, because the gateway leaves or its caller wants it no more. */
  stop(because: "stopped" | "canceled"): void;
}

/** What became of a run's handoff: the agent's own, one written for it, one that could not be written, or none was due. */
export type HandoffFate =
  | { readonly kind: "own" | "wrapped" | "failed" | "none" }
  | { readonly kind: "not_written"; readonly reason: string };

/** What a run may take when nobody says otherwise: the 48 h that OpenClaw gives its agents. */
const LONGEST_RUN_SECONDS = 48 * 3600;

/** Runs an agent's command on a message and sees to it that a handoff lies there in the end. */
export function runAgent(call: AgentCall, gatewayRunId: string, host: AgentHost): AgentRun {
  const header = readOwnHeader(call);
  const prepared = prepareCommand({
    ...call,
    header,
    gatewayRunId,
    gatewayPid: process.pid,
    gatewayStart: thisProcess().startTicks,
    configPath: call.config.path,
    programsFolder: host.programsFolder,
    env: host.env,
    pathDelimiter: delimiter,
  });
  const run = { gatewayRunId, agent: call.agent.name, runId: header?.runId ?? null };
  host.log({ type: "run_started", ...run });
  const beganAtMs = host.clock.nowMs();
  const command = "problem" in prepared ? null : start(prepared, call, host);
  const report = command?.report ?? Promise.resolve(neverStarted(prepared));
  const ended = report.then(async (told) => {
    const handoff =
      "problem" in prepared
        ? handOverProblem(prepared, header, call, host)
        : handOver(told, header, call, host);
    await command?.gone;
    const { end } = told;
    const isDone = end.kind === "exited" && end.code === 0;
    const isHandedOver = ["own", "wrapped"].includes(handoff.kind) || header === null;
    const completion = isDone && isHandedOver ? "ok" : "error";
    const lost = handoff.kind === "not_written" ? { handoffError: handoff.reason } : {};
    const agentEnd: AgentEnd = { completion, ...lost };
    const tookMs = host.clock.nowMs() - beganAtMs;
    host.log({ type: "run_ended", ...run, end, handoff: handoff.kind, ...agentEnd, tookMs });
    return agentEnd;
  });
  return {
    started: command?.started ?? Promise.resolve(),
    ended,
    runId: run.runId,
    stop: (because) => command?.stop(because),
  };
}

/** The header, unless it names a file that is none of ours: then the command runs, and nothing is written. */
function readOwnHeader({ message, config }: AgentCall): MessageHeader | null {
  const header = readMessageHeader(message);
  return header !== null && isOwnHandoffPath(config.handoffDir, header) ? header : null;
}

function start(prepared: PreparedCommand, call: AgentCall, { graceMs }: AgentHost): RunningCommand {
  const { agent, timeoutSeconds } = call;
  return runCommand({
    ...prepared,
    cwd: agent.cwd,
    stdout: {
      beyond: agent.handoff === "stdout" ? "end" : "drop",
      maxBytes: agent.maxOutputBytes,
    },
    timeoutSeconds: timeoutSeconds ?? agent.timeoutSeconds ?? LONGEST_RUN_SECONDS,
    graceMs,
  });
}

function neverStarted(prepared: PreparedCommand | PreparationProblem): CommandReport {
  const reason = "problem" in prepared ? prepared.problem : "";
  return { end: { kind: "not_started", code: "", reason }, stdout: "", stderr: "" };
}

function handOver(
  { end, stdout, stderr }: CommandReport,
  header: MessageHeader | null,
  { agent }: AgentCall,
  { clock }: AgentHost,
): HandoffFate {
  if (header === null) return { kind: "none" };
  const conclusion = concludeRun({
    origin: originOf(header, agent.name, clock),
    handsOverBy: agent.handoff,
    program: basename(agent.command[0] ?? ""),
    cwd: agent.cwd,
    end,
    stdout: stripVTControlCharacters(stdout),
    stderr: stripVTControlCharacters(stderr),
    found: lookForHandoff(header.handoffPath),
  });
  return "handoff" in conclusion ? write(header, conclusion.handoff, conclusion.kind) : conclusion;
}

function handOverProblem(
  { kind, problem }: PreparationProblem,
  header: MessageHeader | null,
  { agent }: AgentCall,
  { clock }: AgentHost,
): HandoffFate {
  if (header === null) return { kind: "none" };
  const origin = originOf(header, agent.name, clock);
  return write(header, failedHandoff(origin, problem, { kind, printed: [] }), "failed");
}

function originOf({ runId }: MessageHeader, agent: string, clock: Clock): HandoffOrigin {
  return { runId, agent, timestamp: toIso(clock.nowMs()) };
}

function write(
  header: MessageHeader,
  handoff: HandoffDraft,
  kind: "wrapped" | "failed",
): HandoffFate {
  const reason = writeHandoff(header.handoffPath, handoff);
  return reason === null ? { kind } : { kind: "not_written", reason };
}
