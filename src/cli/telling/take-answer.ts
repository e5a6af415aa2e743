import { dirname } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { readToken } from "../../config/token.ts";
import type { Failure } from "../../failure.ts";
import { runPaths } from "../../handoff/paths.ts";
import type { Answer } from "../../questions/question.ts";
import type { Reply } from "../../run/questions/answering.ts";
import { replyTo } from "../../run/questions/answering.ts";
import { readEvents, replay } from "../../run/history.ts";
import { isDriven } from "../../run/ownership.ts";
import { readAnswer } from "../../run/questions/question-files.ts";
import { readRequest } from "../../run/run-folder.ts";
import type { AnswerChoice } from "../../telegram/answer-choice.ts";
import type { AnswerReport } from "../../telegram/answer-wording.ts";
import type { Asked, AskedQuestion } from "../../telegram/asked-question.ts";
import type { QuestionEnd } from "../../telegram/question-end.ts";
import type { ChatId } from "../../telegram/settings.ts";
import { unreachable } from "../../unreachable.ts";
import type { Shell } from "../shell.ts";
import { startOrSay } from "../flow/telling/take-decision.ts";
import { tellFlow } from "../flow/tell-flow.ts";
import { startWatcher } from "./watcher.ts";

type Surroundings = Pick<Shell, "clock" | "env">;

/** The chats from which answers to a question are taken, as the config of its run says now. */
export function allowedChatsFor(
  { configPath }: Pick<Asked, "configPath">,
  { env }: Surroundings,
): readonly ChatId[] {
  const config = loadConfig({ explicitPath: configPath, env, cwd: "/" });
  return config.ok ? (config.value.telegram?.allowedChats ?? []) : [];
}

/** Keeps what somebody says in Telegram, unless somebody was faster, and sees to it that the run goes on. */
export async function takeAnswer(
  asked: AskedQuestion,
  choice: AnswerChoice,
  by: string,
  around: Surroundings,
): Promise<AnswerReport> {
  const { id } = asked.question;
  const place = { handoffDir: dirname(asked.runFolder), clock: around.clock };
  const replied = replyTo(id, replyOf(choice), { by, channel: "telegram" }, place);
  if (!replied.ok) return reportRefusal(asked, replied.failure, choice, by, around);
  const { answer } = replied.value;
  const todo = replied.value.isDriven ? null : await goOn(asked, around);
  if (choice.kind === "discuss" || answer === null)
    return { kind: "discussed", by: asked.proposal?.by ?? "the foreman", todo };
  return { kind: "taken", end: endOf(answer), todo };
}

function replyOf(choice: AnswerChoice): Reply {
  switch (choice.kind) {
    case "answer":
      return { kind: "text", text: choice.text };
    case "approve":
      return { kind: "approve", number: choice.number };
    case "skip":
      return { kind: "skip" };
    case "discuss":
      return { kind: "discuss", text: choice.text };
    default:
      return unreachable(choice);
  }
}

async function reportRefusal(
  asked: AskedQuestion,
  { message }: Failure,
  choice: AnswerChoice,
  by: string,
  around: Surroundings,
): Promise<AnswerReport> {
  const { id, runId } = asked.question;
  const paths = runPaths(dirname(asked.runFolder), runId);
  const request = readRequest(paths);
  if (!request.ok || request.value === null) return { kind: "unknown" };
  const earlier = readAnswer(paths, id);
  const { events } = readEvents(paths.events);
  const isOver = replay(request.value, events).phase === "ended";
  if (earlier !== null && isSame(earlier, choice, by)) {
    const isOn = isOver || isDriven(paths, request.value, events, around.clock.nowMs());
    return { kind: "taken", end: endOf(earlier), todo: isOn ? null : await goOn(asked, around) };
  }
  if (earlier !== null) return { kind: "too_late", end: endOf(earlier) };
  return isOver
    ? { kind: "too_late", end: { kind: "run_over" } }
    : { kind: "refused", reason: message };
}

/** What was received may come again when the process that took it died before it could say so. */
function isSame(earlier: Answer, choice: AnswerChoice, by: string): boolean {
  if (earlier.channel !== "telegram" || earlier.by !== by) return false;
  if (choice.kind === "skip") return earlier.kind === "skipped";
  return earlier.kind === "answered" && choice.kind !== "discuss" && earlier.text === choice.text;
}

/** How a question was closed by an answer. */
export function endOf({ kind, text, by, onProposalOf }: Answer): QuestionEnd {
  return kind === "skipped" ? { kind, by } : { kind, text, by, onProposalOf };
}

/** Has a process go on with a run that nobody drives; the value is what to do where that can't be had here, or null. */
async function goOn(
  { question, configPath }: AskedQuestion,
  { env }: Surroundings,
): Promise<string | null> {
  const todo = `To go on: delegate wait ${question.runId}`;
  const config = loadConfig({ explicitPath: configPath, env, cwd: "/" });
  const flow = config.ok ? await tellFlow(question.runId, config.value, env) : null;
  if (config.ok && flow !== null)
    return flow.isTakenUp ? null : startOrSay(flow.flowRunId, config.value, env);
  const agent = config.ok ? config.value.agents[question.askedBy] : undefined;
  if (agent === undefined) return todo;
  // With a token that is only in another process's environment the run would fail here.
  if (agent.kind === "gateway" && !readToken(agent.token, env).ok) return todo;
  try {
    await startWatcher(question.runId, { path: configPath }, env);
    return null;
  } catch {
    return todo;
  }
}
