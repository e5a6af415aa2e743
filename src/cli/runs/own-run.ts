import { existsSync } from "node:fs";
import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import { runPaths } from "../../handoff/paths.ts";
import { readState } from "../../run/history.ts";
import type { NamedAttempt } from "../../run/own-attempt.ts";
import { attemptNamedBy, latestAttempt } from "../../run/own-attempt.ts";
import { findRunIdProblem } from "../../run/plan.ts";
import type { RunRequest } from "../../run/request.ts";
import { storageFailure } from "../../run/run-folder.ts";
import type { RunState } from "../../run/decide/state.ts";
import type { CommonOptions } from "../command.ts";
import { readKnownRun } from "./known-run.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";

/** The run that an agent works on, and its own attempt of it. */
export interface OwnRun {
  readonly request: RunRequest;
  readonly paths: RunPaths;
  readonly state: RunState;
  readonly attempt: number;
}

/** Finds the run that an agent works on, by its option or by what the local gateway tells its agents. */
export function findOwnRun(
  command: CommonOptions & { readonly runId: string | null },
  shell: Shell,
): Result<OwnRun> {
  const runId = command.runId ?? (shell.env["DELEGATE_RUN_ID"] || null);
  if (runId === null) return failure(runUnnamed);
  const wrong = findRunIdProblem(runId);
  if (wrong !== null) return failure(wrong);
  const named = attemptNamedBy(shell.env["DELEGATE_HANDOFF_PATH"] ?? "", runId);
  const handoffDir = handoffDirFor(command, runId, named, shell);
  if (!handoffDir.ok) return handoffDir;
  const request = readKnownRun(handoffDir.value, runId);
  if (!request.ok) return request;
  const paths = runPaths(handoffDir.value, runId);
  try {
    const state = readState(paths, request.value, shell.clock.nowMs());
    const attempt = named?.attempt ?? latestAttempt(state);
    return success({ request: request.value, paths, state, attempt });
  } catch (error) {
    return failure(storageFailure(paths.events, error));
  }
}

/** An agent that was told where its file is can hand over also while somebody breaks the config. */
function handoffDirFor(
  command: CommonOptions,
  runId: string,
  named: NamedAttempt | null,
  shell: Shell,
): Result<string> {
  if (command.config === null && named !== null) {
    if (existsSync(runPaths(named.handoffDir, runId).request)) return success(named.handoffDir);
  }
  const config = configFor(shell, command);
  return config.ok ? success(config.value.handoffDir) : config;
}

const runUnnamed = {
  code: "usage",
  message: "it is not known which run this is about: DELEGATE_RUN_ID is not set",
  hint: "add --run-id <id>; the task's message begins with it",
} as const;
