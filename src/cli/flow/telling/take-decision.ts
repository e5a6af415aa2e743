import type { Config } from "../../../config/config.ts";
import { loadConfig } from "../../../config/load.ts";
import type { FlowSignal } from "../../../flows/signal.ts";
import type { FlowStore } from "../../../flows/store.ts";
import { openFlowStore } from "../../../flows/store/open-flow-store.ts";
import type { AnswerReport } from "../../../telegram/answer-wording.ts";
import type { AskedStep } from "../../../telegram/flow/asked-step.ts";
import { applyToProgress, newFlowProgress } from "../../../telegram/flow/flow-progress.ts";
import type { StepChoice } from "../../../telegram/flow/step-choice.ts";
import { wantedIn } from "../../../telegram/flow/wanted-steps.ts";
import { endOfWish } from "../../../telegram/flow/wish-end.ts";
import type { QuestionEnd } from "../../../telegram/question-end.ts";
import { unreachable } from "../../../unreachable.ts";
import type { Shell } from "../../shell.ts";
import { isTakenUp } from "../is-taken-up.ts";
import { startWorker } from "../worker-process.ts";

/** Gives a flow run what somebody decides in Telegram about one of its steps, and sees to it that it goes on. */
export async function takeDecision(
  asked: AskedStep,
  choice: StepChoice,
  by: string,
  { env }: Pick<Shell, "env">,
): Promise<AnswerReport> {
  const config = loadConfig({ explicitPath: asked.configPath, env, cwd: "/" });
  if (!config.ok) return { kind: "refused", reason: config.failure.message };
  const store = await openFlowStore(config.value, env);
  if (!store.ok) return { kind: "refused", reason: store.failure.message };
  try {
    return await decideIn(store.value, { asked, choice, by }, config.value, env);
  } finally {
    await store.value.close();
  }
}

interface Decided {
  readonly asked: AskedStep;
  readonly choice: StepChoice;
  readonly by: string;
}

async function decideIn(
  store: FlowStore,
  decided: Decided,
  config: Config,
  env: Shell["env"],
): Promise<AnswerReport> {
  const { asked, choice, by } = decided;
  const reply = await store.signal(asked.flowRunId, signalOf(decided));
  if (!reply.ok) return { kind: "refused", reason: reply.failure.message };
  if (reply.value === null) return { kind: "unknown" };
  if (reply.value.kind === "taken")
    return { kind: "taken", end: endOf(choice, by), todo: await goOn(asked, store, config, env) };
  const earlier = await earlierEnd(asked, store);
  // What was received may come again when the process that took it died before it could say so.
  if (reply.value.kind === "already" && isBy(earlier, by))
    return { kind: "taken", end: endOf(choice, by), todo: await goOn(asked, store, config, env) };
  if (earlier !== null) return { kind: "too_late", end: earlier };
  return reply.value.kind === "refused"
    ? { kind: "refused", reason: `${reply.value.message}; ${reply.value.hint}` }
    : { kind: "too_late", end: endOf(choice, "somebody") };
}

/** A decision counts only for what was shown, by the digest that stands for it. */
function signalOf({ asked, choice, by }: Decided): FlowSignal {
  const { taskKey: key, wish } = asked;
  const digest = wish.kind === "approval" ? wish.digest : "";
  switch (choice.kind) {
    case "approve":
      return { kind: "decide", key, decision: { kind: "approved", by, note: choice.note, digest } };
    case "reject":
      return { kind: "decide", key, decision: { kind: "rejected", by, note: choice.note, digest } };
    case "answer":
      return { kind: "decide", key, decision: { kind: "answered", by, answer: choice.text } };
    case "recover":
      return { kind: "recover", key, choice: choice.choice };
    default:
      return unreachable(choice);
  }
}

function endOf(choice: StepChoice, by: string): QuestionEnd {
  switch (choice.kind) {
    case "approve":
      return { kind: "decided", decision: "approved", by, note: choice.note };
    case "reject":
      return { kind: "decided", decision: "rejected", by, note: choice.note };
    case "answer":
      return { kind: "answered", text: choice.text, by, onProposalOf: null };
    case "recover": {
      const decision = choice.choice === "rerun" ? "begun again" : "left out";
      return { kind: "decided", decision, by, note: null };
    }
    default:
      return unreachable(choice);
  }
}

function isBy(end: QuestionEnd | null, by: string): boolean {
  return end !== null && "by" in end && end.by === by;
}

/** How a step went on before somebody decided about it; null while it still wants what was asked. */
async function earlierEnd(asked: AskedStep, store: FlowStore): Promise<QuestionEnd | null> {
  const { flowRunId, taskKey, wish } = asked;
  const [state, events] = [await store.read(flowRunId), await store.events(flowRunId, 0)];
  if (!state.ok || state.value === null || !events.ok) return null;
  const wanted = wantedIn(state.value);
  const now = wanted.find((one) => one.taskKey === taskKey);
  if (now?.kind === "step" && isSameWish(now.wish, wish)) return null;
  const progress = applyToProgress(newFlowProgress(state.value.request), events.value);
  return endOfWish(`${taskKey}#`, progress, {
    state: state.value,
    wanted,
    answerOf: () => null,
  });
}

function isSameWish(one: AskedStep["wish"], other: AskedStep["wish"]): boolean {
  if (one.kind === "approval" && other.kind === "approval") return one.digest === other.digest;
  return one.kind === other.kind;
}

/** Has somebody go on with the flow run; the value is what to do where that can't be had here, or null. */
async function goOn(
  { flowRunId, taskKey }: AskedStep,
  store: FlowStore,
  config: Config,
  env: Shell["env"],
): Promise<string | null> {
  if (await isTakenUp(flowRunId, taskKey, store)) return null;
  return startOrSay(flowRunId, config, env);
}

/** Starts a worker for a flow run that nobody carries on; the value is what to do if that is not possible, or null. */
export async function startOrSay(
  flowRunId: string,
  config: Config,
  env: Shell["env"],
): Promise<string | null> {
  try {
    await startWorker(config, env);
    return null;
  } catch {
    return `To go on: delegate flow wait ${flowRunId}`;
  }
}
