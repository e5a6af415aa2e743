import type { FlowRequest } from "../flow-run.ts";
import type { Flow } from "../flow.ts";
import { stepsInside } from "../inside.ts";
import { refused } from "./signal-decision.ts";
import type { SignalDecision } from "./signal-decision.ts";
import type { TaskKey } from "../task.ts";
import type { Decision, Waiting } from "../work.ts";

/** Why somebody may not approve or reject a step, or not what it shows now; null when it is all right. */
export function whyNotApprove(
  { flow, agents, author }: FlowRequest,
  key: TaskKey,
  { requiredApprovers, digest }: Extract<Waiting, { kind: "approval" }>,
  decision: Extract<Decision, { digest: string }>,
): SignalDecision | null {
  const { by } = decision;
  const others = requiredApprovers.filter((name) => !isAuthor(name, author));
  if (requiredApprovers.length > 0 && isAuthor(by, author)) {
    return refused(
      `${by} has started the flow run and may not decide about "${key}"`,
      whoMay(others),
    );
  }
  if (requiredApprovers.length > 0 && !requiredApprovers.some((name) => isSame(name, by))) {
    return refused(`${by} may not decide about "${key}"`, whoMay(others));
  }
  if (agentsOf(flow, agents).has(by)) {
    return refused(
      `${by} is an agent of the flow and may not decide about "${key}"`,
      "a person has to",
    );
  }
  if (decision.digest !== digest) {
    const hint = "look at it again with `delegate flow show`, then decide";
    return refused(`what "${key}" shows has changed since`, hint);
  }
  return null;
}

/** Messengers name people `@name`, without regard to letter case. */
function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  return one.startsWith("@") && other.startsWith("@") && bareName(one) === bareName(other);
}

/** Also in a messenger nobody approves what they began; there the same name is taken for the same person. */
function isAuthor(name: string, author: string): boolean {
  if (name === author) return true;
  return (name.startsWith("@") || author.startsWith("@")) && bareName(name) === bareName(author);
}

function bareName(name: string): string {
  return name.replace(/^@/, "").toLowerCase();
}

function whoMay(names: readonly string[]): string {
  return names.length === 0
    ? '"required-approver" names nobody but who started it; start the flow as somebody else'
    : `one of these may: ${names.join(", ")}`;
}

function agentsOf(flow: Flow, agents: FlowRequest["agents"]): ReadonlySet<string> {
  const names = new Set(Object.values(agents));
  addAgents(flow, names);
  return names;
}

function addAgents(flow: Flow, names: Set<string>): void {
  for (const name of Object.values(flow.agents)) names.add(name);
  const queue = [...flow.steps];
  for (const step of queue) {
    if (step.kind === "flow") addAgents(step.flow, names);
    else queue.push(...stepsInside(step));
  }
}
