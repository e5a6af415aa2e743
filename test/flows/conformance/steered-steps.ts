import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../../src/json/json.ts";
import type { Decision, Execute, Job, StepEnd, Work } from "../../../src/flows/work.ts";
import { unreachable } from "../../../src/unreachable.ts";

/** What a step has done, one line each in the flow run's folder; lines are whole, whoever writes them. */
export interface JournalLine {
  readonly what: "begins" | "ends" | "stops";
  readonly key: string;
  readonly attempt: number;
  readonly runId: string;
  readonly pid: number;
  /** Why it was to stop, or null. */
  readonly why: string | null;
}

/** What an agent of the tests does, as JSON in its task. */
export interface AgentOrder {
  /** It is at work until a file of this name is in the folder. */
  readonly until?: string;
  readonly data?: JsonObject;
  readonly usage?: { readonly costUsd: number | null; readonly tokens: number | null };
}

/** All lines of a folder's journal. */
export function readJournal(folder: string): readonly JournalLine[] {
  const path = `${folder}/journal.jsonl`;
  if (!existsSync(path)) return [];
  // What stands behind the last end of a line is still being written.
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line): JournalLine => JSON.parse(line));
}

/** Carries out steps for tests: commands are real, agents and people are played. */
export const carryOut: Execute = async (job, { signal, report }) => {
  note(job, "begins");
  signal.addEventListener("abort", () => note(job, "stops", String(signal.reason)), { once: true });
  report(`at ${job.key}`);
  const end = await endOf(job, job.work, signal);
  if (!signal.aborted) note(job, "ends");
  return end;
};

function note({ cwd, key, attempt, runId }: Job, what: JournalLine["what"], why?: string): void {
  const line: JournalLine = { what, key, attempt, runId, pid: process.pid, why: why ?? null };
  appendFileSync(`${cwd}/journal.jsonl`, `${JSON.stringify(line)}\n`);
}

function endOf(job: Job, work: Work, signal: AbortSignal): Promise<StepEnd> {
  switch (work.kind) {
    case "run":
      return runCommand(work, job, signal);
    case "agent":
      return playAgent(work.task, job.cwd, signal);
    case "approve":
      return decided(work.message, job.decision, work.requiredApprovers);
    case "ask":
      return answered(work, job.decision);
    default:
      return unreachable(work);
  }
}

async function runCommand(
  { command, env }: Extract<Work, { kind: "run" }>,
  { cwd, attempt }: Job,
  signal: AbortSignal,
): Promise<StepEnd> {
  const words = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  const [program = "true", ...rest] = words;
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...env, ATTEMPT: String(attempt) },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const end = (): void => killGroup(child.pid);
  signal.addEventListener("abort", end, { once: true });
  let stdout = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  signal.removeEventListener("abort", end);
  if (signal.aborted) return { end: "canceled" };
  const output = { exitCode, stdout: stdout.trimEnd(), pid: process.pid };
  if (exitCode === 0) return { end: "done", output, usage: null };
  const failure = { code: "command_failed", message: `exit code ${exitCode}`, hint: "look" };
  return { end: "failed", failure, output, usage: null, isRetryable: true };
}

/** It may have ended by itself in the meantime. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function playAgent(task: string, cwd: string, signal: AbortSignal): Promise<StepEnd> {
  const order: AgentOrder = JSON.parse(task);
  while (order.until !== undefined && !existsSync(`${cwd}/${order.until}`)) {
    if (signal.aborted) return { end: "canceled" };
    await sleep(10);
  }
  const output = { result: "done", data: order.data ?? {}, pid: process.pid };
  return { end: "done", output, usage: order.usage ?? null };
}

/** What becomes of a step that somebody has to approve. */
export async function decided(
  message: string,
  decision: Decision | null,
  requiredApprovers: readonly string[],
): Promise<StepEnd> {
  const digest = digestOf(message);
  if (decision?.kind === "approved")
    return {
      end: "done",
      output: { approved: true, by: decision.by, note: decision.note },
      usage: null,
    };
  if (decision?.kind === "rejected") {
    const failure = { code: "rejected", message: decision.note ?? "rejected", hint: "look" };
    return { end: "failed", failure, output: {}, usage: null, isRetryable: false };
  }
  const waiting = { kind: "approval", message, shown: null, digest, requiredApprovers } as const;
  return { end: "waiting", waiting };
}

async function answered(
  { question, options, answer }: Extract<Work, { kind: "ask" }>,
  decision: Decision | null,
): Promise<StepEnd> {
  if (decision?.kind === "answered")
    return {
      end: "done",
      output: { answer: decision.answer, by: decision.by },
      usage: null,
    };
  const waiting = { kind: "question", question, options, answer, proposal: null } as const;
  return { end: "waiting", waiting };
}

/** What an approval is bound to. */
export function digestOf(message: string): string {
  return createHash("sha256").update(message).digest("hex");
}
