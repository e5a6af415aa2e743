import type { ListedQuestion } from "../../run/questions/question-list.ts";
import { listOpenQuestions, listQuestions } from "../../run/questions/question-list.ts";
import { openUnheardQuestions } from "../../run/questions/unheard-questions.ts";
import type { Command } from "../command.ts";
import { formatAge } from "../../text/time-span.ts";
import { plainLine } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";

/** `delegate questions`: what agents ask, and what was said to it. */
export async function runQuestions(
  command: Command & { name: "questions" },
  shell: Shell,
): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const { handoffDir } = config.value;
  await openUnheardQuestions(handoffDir, shell.clock);
  const questions = command.isOpenOnly ? listOpenQuestions(handoffDir) : listQuestions(handoffDir);
  if (command.isJson) {
    reportJson({ questions: questions.map(flat) }, shell);
    return 0;
  }
  if (questions.length === 0 && !command.isQuiet)
    shell.stderr.write(`delegate: no ${command.isOpenOnly ? "open " : ""}questions\n`);
  for (const listed of questions)
    for (const line of linesOf(listed, shell.clock.nowMs())) shell.stdout.write(`${line}\n`);
  return 0;
}

/** A question as programs read it. */
function flat({ question, isOpen, proposal, answer }: ListedQuestion): object {
  const { schema: _schema, ...fields } = question;
  return { ...fields, isOpen, proposal, answer };
}

function linesOf(listed: ListedQuestion, nowMs: number): readonly string[] {
  const { question, isOpen, proposal } = listed;
  const age = formatAge(nowMs - Date.parse(question.askedAt));
  const lines = [`${question.id}  ${age}  ${question.askedBy}  ${question.text}`];
  lines.push(...question.options.map((option, index) => `  ${index + 1} ${option}`));
  if (isOpen && proposal !== null)
    lines.push(`  ${proposal.by} proposes: ${proposal.text} (${proposal.reason})`);
  if (!isOpen) lines.push(`  ${endOf(listed)}`);
  return lines.map((line, index) => (index === 0 ? "" : "  ") + plainLine(line.trim()));
}

function endOf({ answer }: ListedQuestion): string {
  if (answer === null) return "closed: its run has ended";
  if (answer.kind === "skipped") return `skipped by ${answer.by}`;
  const proposed = answer.onProposalOf === null ? "" : `, as proposed by ${answer.onProposalOf}`;
  return `answered by ${answer.by}${proposed}: ${answer.text}`;
}
