import type { Config } from "../../config/config.ts";
import { success } from "../../failure.ts";
import type { Result } from "../../failure.ts";
import { replyTo } from "../../run/questions/answering.ts";
import type { Replied, Reply } from "../../run/questions/answering.ts";
import type { Command, WrittenReply } from "../command.ts";
import { plainLine } from "../../text/plain.ts";
import { readText } from "../asking/read-text.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";

/** `delegate answer <questionId>` and `delegate skip <questionId>`. */
export async function runAnswer(
  command: Command & { name: "answer" },
  shell: Shell,
): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const reply = completeReply(command.reply, shell);
  if (!reply.ok) return reportRefusal(reply.failure, command.isJson, shell);
  const speaker = { by: command.by ?? "a person", channel: "terminal" } as const;
  const { handoffDir } = config.value;
  const place = { handoffDir, clock: shell.clock };
  const replied = replyTo(command.questionId, reply.value, speaker, place);
  if (!replied.ok) return reportRefusal(replied.failure, command.isJson, shell);
  if (command.isJson) reportJson(replied.value, shell);
  else shell.stdout.write(`${describe(replied.value)}\n`);
  const todo = await whatToDo(replied.value, config.value, shell);
  if (todo !== null && !command.isQuiet)
    shell.stderr.write(`delegate: nobody waits for the run\n  to do: ${todo}\n`);
  return 0;
}

/** How the run goes on when nobody sees to it, or null. A step of a flow is let go on first. */
async function whatToDo(
  { question, isDriven }: Replied,
  config: Config,
  { env }: Shell,
): Promise<string | null> {
  if (isDriven) return null;
  const { tellFlow } = await import("../flow/tell-flow.ts");
  const flow = await tellFlow(question.runId, config, env);
  if (flow === null) return `delegate wait ${question.runId}`;
  return flow.isTakenUp ? null : `delegate flow wait ${flow.flowRunId}`;
}

function completeReply(reply: WrittenReply, shell: Shell): Result<Reply> {
  if (reply.kind === "approve") return success({ kind: "approve", number: null });
  if (reply.kind !== "text") return success(reply);
  const text = readText(reply.source, shell.cwd);
  return text.ok ? success({ kind: "text", text: text.value }) : text;
}

function describe({ question, answer }: Replied): string {
  if (answer === null) return `${question.id}: the foreman is to propose anew; still open`;
  if (answer.kind === "skipped") return `${question.id}: skipped`;
  const proposed = answer.onProposalOf === null ? "" : ` (proposed by ${answer.onProposalOf})`;
  return `${question.id}: answered: ${plainLine(answer.text)}${proposed}`;
}
