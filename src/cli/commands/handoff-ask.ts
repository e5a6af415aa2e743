import type { Failure } from "../../failure.ts";
import { askInRun, awaitAnswer } from "../../run/questions/asking.ts";
import { leaveReasonOf } from "../../run/leave.ts";
import type { Answer, Question } from "../../questions/question.ts";
import type { HandoffCommand } from "../command.ts";
import { findOwnRun } from "../runs/own-run.ts";
import { reportFailure, reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";

/** `delegate handoff ask <question>`: an agent asks from inside its running attempt. */
export async function runHandoffAsk(
  command: HandoffCommand & { action: "ask" },
  shell: Shell,
): Promise<number> {
  const own = findOwnRun(command, shell);
  if (!own.ok) return reportRefusal(own.failure, command.isJson, shell);
  const asked = askInRun(own.value, command, shell.clock);
  if (!asked.ok) return reportRefusal(asked.failure, command.isJson, shell);
  if (!command.waits) {
    if (command.isJson) reportJson(asked.value, shell);
    else shell.stdout.write(`${asked.value.id}\n`);
    return 0;
  }
  const signal =
    command.timeoutMs === null
      ? shell.signal
      : AbortSignal.any([shell.signal, AbortSignal.timeout(command.timeoutMs)]);
  const answer = await awaitAnswer(asked.value, own.value, signal);
  if (!answer.ok) return reportRefusal(answer.failure, command.isJson, shell);
  if (answer.value === null)
    return reportRefusal(unanswered(asked.value, shell), command.isJson, shell);
  return tell(asked.value, answer.value, command.isJson, shell);
}

function tell(question: Question, answer: Answer, isJson: boolean, shell: Shell): number {
  if (isJson) reportJson(answer, shell);
  else if (answer.kind === "answered") shell.stdout.write(`${answer.text}\n`);
  return answer.kind === "answered" ? 0 : reportFailure(skipped(question, answer), shell);
}

function skipped({ id }: Question, { by }: Answer): Failure {
  return {
    code: "agent_blocked",
    message: `${by} skipped ${id}`,
    hint: "decide yourself, and say in notes how; or hand over as blocked",
  };
}

function unanswered({ id }: Question, shell: Shell): Failure {
  const reason = shell.signal.aborted ? leaveReasonOf(shell.signal) : "wait_over";
  return {
    code:
      reason === "wait_over" ? "timeout" : reason === "terminated" ? "terminated" : "interrupted",
    message: `nobody has answered ${id} yet; it stays open`,
    hint: "go on without, or hand over as blocked: the work goes on when it is answered",
  };
}
