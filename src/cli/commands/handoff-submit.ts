import { toIso } from "../../clock.ts";
import type { Failure } from "../../failure.ts";
import { failureKinds } from "../../failure.ts";
import type { Expectation } from "../../handoff/check.ts";
import { holdsHandoff, putHandoff } from "../../handoff/put.ts";
import { MAX_HANDOFF_BYTES } from "../../handoff/document.ts";
import type { Submission } from "../../handoff/submission.ts";
import { judgeSubmission } from "../../handoff/submission.ts";
import { opennessOf } from "../../run/own-attempt.ts";
import { storageFailure } from "../../run/run-folder.ts";
import type { HandoffCommand } from "../command.ts";
import type { OwnRun } from "../runs/own-run.ts";
import { findOwnRun } from "../runs/own-run.ts";
import { nameOf, readBytes } from "../asking/read-text.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { compileDataCheck } from "./handoff-check.ts";
import { describeProblems } from "./handoff-problems.ts";

/** `delegate handoff submit <file|->`: puts a handoff into its place, or tells all that is wrong with it. */
export async function runHandoffSubmit(
  command: HandoffCommand & { action: "submit" },
  shell: Shell,
): Promise<number> {
  const found = findOwnRun(command, shell);
  if (!found.ok) return reportRefusal(found.failure, command.isJson, shell);
  const own = found.value;
  const { request } = own;
  const bytes = readBytes(command.document, shell.cwd, MAX_HANDOFF_BYTES);
  if (!bytes.ok) return reportRefusal(bytes.failure, command.isJson, shell);
  const check = await compileDataCheck(request.dataSchema);
  if (!check.ok) return reportRefusal(check.failure, command.isJson, shell);
  const { runId, agent, validation } = request;
  const known = { runId, agent, timestamp: toIso(shell.clock.nowMs()) };
  const expectation = { runId, agent, validation, checkData: check.value };
  const submission = judgeSubmission(bytes.value, known, expectation);
  const refusal = whyNot(own, expectation);
  if (refusal !== null) return reportRefusal(refusal, command.isJson, shell);
  if (submission.kind === "ready") {
    try {
      putHandoff(own.paths.folder, own.attempt, submission.text);
    } catch (error) {
      return reportRefusal(storageFailure(own.paths.folder, error), command.isJson, shell);
    }
  }
  return tell(command, own, submission, shell);
}

/** Why the run takes nothing any more; an answer that it has is not replaced once it has ended. */
function whyNot(own: OwnRun, expectation: Expectation): Failure | null {
  const {
    request: { runId },
    state,
    paths,
    attempt,
  } = own;
  const code = "run_conflict";
  if (state.phase !== "ended") return null;
  if (opennessOf(state) === "over") {
    return {
      code,
      message: `run ${runId} has ended already (${state.end.status}), and takes no handoff any more`,
      hint: `nothing is left to do here; delegate show ${runId} tells how it ended`,
    };
  }
  return holdsHandoff(paths.folder, attempt, expectation)
    ? {
        code,
        message: `run ${runId} has ended (${state.end.status}), and a late handoff is there already`,
        hint: `nothing is left to do here; delegate wait ${runId} takes it as the result`,
      }
    : null;
}

function tell(
  command: HandoffCommand & { action: "submit" },
  { request: { runId }, attempt, state }: OwnRun,
  submission: Submission,
  shell: Shell,
): number {
  const isSubmitted = submission.kind === "ready";
  const problems = submission.kind === "wrong" ? submission.problems : [];
  if (command.isJson) {
    reportJson({ runId, attempt, isSubmitted, problems }, shell);
  } else if (submission.kind === "wrong") {
    shell.stdout.write(describeProblems(nameOf(command.document), submission.problems));
  } else {
    const late =
      state.phase === "ended"
        ? `; the run had ended (${state.end.status}), and takes it when somebody waits for it again`
        : "";
    const { status } = submission.handoff;
    shell.stdout.write(`run ${runId}, attempt ${attempt}: handed over (${status})${late}\n`);
  }
  return isSubmitted ? 0 : failureKinds.invalid.exit;
}
