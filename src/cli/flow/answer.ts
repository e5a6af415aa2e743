import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { Task } from "../../flows/task.ts";
import { readText } from "../asking/read-text.ts";
import { reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { findAskedStep } from "./asked-step.ts";
import type { FlowAnswerCommand } from "./command.ts";
import { withFlows } from "./open-flows.ts";
import { sendDecision } from "./send-decision.ts";
import { whoIs } from "./who.ts";

/** `delegate flow answer <id> <step> [text]`. */
export async function answerStep(command: FlowAnswerCommand, shell: Shell): Promise<number> {
  const { flowRunId, isJson } = command;
  const refuse = (reason: Failure): number => reportRefusal(reason, isJson, shell);
  return withFlows(command, shell, refuse, async (flows) => {
    const asked = await findAskedStep(flows.store, flowRunId, command.step, asksSomebody);
    if (!asked.ok) return refuse(asked.failure);
    const { state, key } = asked.value;
    if (command.reply.kind === "option" && state.end !== null)
      return refuse(hasEnded(flowRunId, state.end.status));
    const answer = answerTo(state.tasks.get(key), command, shell.cwd);
    if (!answer.ok) return refuse(answer.failure);
    const by = whoIs(command.by, shell);
    const decision = { kind: "answered", by, answer: answer.value } as const;
    return sendDecision(key, decision, command, flows, shell);
  });
}

function asksSomebody(task: Task): boolean {
  return task.status === "waiting" && task.waiting.kind === "question";
}

/** An option has no text any more then. */
function hasEnded(flowRunId: string, status: string): Failure {
  return {
    code: "usage",
    message: `the flow run has ended: ${status}`,
    hint: `delegate flow show ${flowRunId} says how; delegate flow retry ${flowRunId} --from <step> goes back`,
  };
}

/** The text of an option by its number; whether it is an answer is said by the flow run. */
function answerTo(
  task: Task | undefined,
  { flowRunId, reply, step }: FlowAnswerCommand,
  cwd: string,
): Result<string> {
  if (reply.kind === "text") return readText(reply.source, cwd);
  const options =
    task?.status === "waiting" && task.waiting.kind === "question" ? task.waiting.options : [];
  const option = options[reply.number - 1];
  if (option !== undefined) return success(option);
  return failure({
    code: "usage",
    message:
      options.length === 0
        ? `"${step}" does not ask with options now`
        : `"${step}" has no option ${reply.number}: it has ${options.length}`,
    hint: `delegate flow show ${flowRunId} tells what it asks`,
  });
}
