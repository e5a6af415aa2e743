import { unreachable } from "../../unreachable.ts";
import { whyNotAnswer } from "./answer-rules.ts";
import { whyNotApprove } from "./approve-rules.ts";
import { waitingTasks } from "./find-tasks.ts";
import { isSettled } from "../tree/node.ts";
import { stepAt, taskAt } from "../tree/place.ts";
import { already, refused, taken } from "./signal-decision.ts";
import type { SignalDecision } from "./signal-decision.ts";
import type { Json } from "../json.ts";
import { askAgain } from "../step-failure.ts";
import type { TaskKey, TaskState } from "../task.ts";
import type { FlowTree, TaskNode } from "../tree/tree.ts";
import type { Decision } from "../work.ts";

type Waits = Extract<TaskState, { status: "waiting" }>;

/** What becomes of somebody's decision about a step: the step goes on with it, or why not. */
export function decideWaiting(tree: FlowTree, key: TaskKey, decision: Decision): SignalDecision {
  if (stepAt(tree.request.flow, key) === null) {
    return refused(`the flow has no step "${key}"`, namesOfWaiting(tree));
  }
  const node = taskAt(tree, key);
  if (node?.state.status === "waiting") return decideAbout(tree, key, node, node.state, decision);
  const made = decisionMade(node);
  if (made !== null && isSame(made, decision)) return already(`"${key}" is ${made.kind} already`);
  if (made !== null) return refused(`"${key}" is ${made.kind} already`, namesOfWaiting(tree));
  if (node?.state.status === "undecided") return refuseUndecided(tree.request.flowRunId, key);
  if (tree.end !== null) {
    const { flowRunId } = tree.request;
    const hint = asksAgain(tree, node)
      ? askAgain(flowRunId, key)
      : `delegate flow show ${flowRunId} says how; delegate flow retry ${flowRunId} --from <step> goes back`;
    return refused(`the flow run has ended: ${tree.end.status}`, hint);
  }
  const isOver = node !== null && isSettled(node.state);
  const message = isOver
    ? `"${key}" does not wait: it is ${node.state.status}`
    : `"${key}" does not wait yet`;
  const hint = asksAgain(tree, node) ? askAgain(tree.request.flowRunId, key) : namesOfWaiting(tree);
  return refused(message, hint);
}

/** What somebody has to say of such a step is something else. */
function refuseUndecided(flowRunId: string, key: TaskKey): SignalDecision {
  const command = `delegate flow resume ${flowRunId} --decide ${key}`;
  return refused(
    `the worker of "${key}" died, and whether the step had ended is unknown`,
    `look what became of it, then ${command}=rerun, or =skip`,
  );
}

/** Whether going back to a step means that it asks: it did, and came to nothing. */
function asksAgain({ cancel }: FlowTree, node: TaskNode | null): boolean {
  if (node === null || (node.step.kind !== "approve" && node.step.kind !== "ask")) return false;
  return cancel === null && node.state.status === "failed";
}

function decideAbout(
  tree: FlowTree,
  key: TaskKey,
  { step }: TaskNode,
  { attempt, lastAttempt, work, waiting }: Waits,
  decision: Decision,
): SignalDecision {
  const objection = objectionTo(tree, key, waiting, decision);
  if (objection !== null) return objection;
  const { kind } = decision;
  const by = kind === "resumed" ? null : decision.by;
  const note = kind === "approved" || kind === "rejected" ? decision.note : null;
  return taken([
    {
      kind: "task",
      key,
      stepId: step.id,
      state: { status: "ready", attempt, lastAttempt, work, dueAtMs: 0, decision },
      happenings:
        by === null
          ? [{ type: "step_ready", key, attempt }]
          : [{ type: "step_decided", key, decision: kind, by, note }],
    },
  ]);
}

function objectionTo(
  tree: FlowTree,
  key: TaskKey,
  waiting: Waits["waiting"],
  decision: Decision,
): SignalDecision | null {
  switch (waiting.kind) {
    case "approval":
      return decision.kind === "approved" || decision.kind === "rejected"
        ? whyNotApprove(tree.request, key, waiting, decision)
        : refused(`"${key}" waits for an approval`, "approve or reject it");
    case "question":
      return decision.kind === "answered"
        ? whyNotAnswer(key, waiting, decision.answer)
        : refused(`"${key}" waits for an answer`, `it asks: ${waiting.question}`);
    case "agent_questions":
      return decision.kind === "resumed"
        ? null
        : refused(
            `"${key}" waits for answers to its agent's questions`,
            `answer them with \`delegate answer ${waiting.runId}\``,
          );
    default:
      return unreachable(waiting);
  }
}

/** The decision that a step goes on with or has ended by, as far as that is known. */
function decisionMade(node: TaskNode | null): { kind: Decision["kind"]; answer?: string } | null {
  if (node === null) return null;
  const { step, state } = node;
  switch (state.status) {
    case "ready":
    case "running":
    case "undecided":
      return state.decision;
    case "done":
      if (step.kind === "approve") return { kind: "approved" };
      return step.kind === "ask"
        ? { kind: "answered", answer: textOf(state.output["answer"]) }
        : null;
    case "failed":
      return state.failure.code === "rejected" ? { kind: "rejected" } : null;
    default:
      return null;
  }
}

/** What an answer was before it became a value. */
function textOf(answer: Json | undefined): string {
  return typeof answer === "string" ? answer : JSON.stringify(answer ?? null);
}

function isSame(made: { kind: Decision["kind"]; answer?: string }, decision: Decision): boolean {
  if (made.kind !== decision.kind) return false;
  return decision.kind !== "answered" || made.answer === decision.answer;
}

function namesOfWaiting(tree: FlowTree): string {
  const keys: string[] = [];
  for (const { key, node } of waitingTasks(tree)) {
    if (node.state.status === "waiting") keys.push(key);
    if (keys.length === 5) break;
  }
  return keys.length === 0
    ? "no step of this flow run waits for anybody now"
    : `these wait for somebody: ${keys.join(", ")}`;
}
