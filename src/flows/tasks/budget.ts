import type { TaskChange } from "../tree/change.ts";
import type { Budget, Cost, Flow, Step } from "../flow.ts";
import { budgetExhausted } from "../step-failure.ts";
import { taskAt } from "../tree/place.ts";
import { changeTo } from "../tree/task-change.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree } from "../tree/tree.ts";
import type { StepUsage } from "../work.ts";

/** An amount that is known: US dollars, and tokens. */
export interface Amount {
  readonly costUsd: number;
  readonly tokens: number;
}

/** Nothing. */
export const noAmount: Amount = { costUsd: 0, tokens: 0 };

/** Both together. */
export function sumOf(one: Amount, other: Amount): Amount {
  return { costUsd: one.costUsd + other.costUsd, tokens: one.tokens + other.tokens };
}

/** What of the budget of a whole flow run is gone. */
export interface BudgetFacts {
  /** By executions that have ended. */
  readonly used: Amount;
  /** Reserved by agent steps that run. */
  readonly held: Amount;
  /** How many agent steps run. */
  readonly running: number;
}

const units = ["costUsd", "tokens"] as const;

/** What is held back for a step while it runs; null when it needs nothing of a budget. It is the whole flow run's. */
export function reservationOf({ budget }: Flow, step: Step): Amount | null {
  if (budget === null || step.kind !== "agent") return null;
  return amountOf(step.reserve ?? budget.reserve);
}

/**
 * Whether a step may begin: `later` as long as a running one may give back some of what it holds, `never` once none
 * runs (then `exhaustTask` is what happens).
 */
export function mayReserve(
  { budget }: Flow,
  reservation: Amount | null,
  { used, held, running }: BudgetFacts,
): "yes" | "later" | "never" {
  if (budget === null || reservation === null) return "yes";
  const hasRoom = units.every((unit) => {
    const most = budget[unit] ?? Infinity;
    return used[unit] < most && used[unit] + held[unit] + reservation[unit] <= most;
  });
  if (hasRoom) return "yes";
  return running > 0 ? "later" : "never";
}

/** A ready task for which the budget has no room: it fails, and the flow run with it. Null when it is not ready. */
export function exhaustTask(tree: FlowTree, key: TaskKey, used: Amount): TaskChange | null {
  const node = taskAt(tree, key);
  if (node?.state.status !== "ready") return null;
  const { flow } = tree.request;
  const wanted = reservationOf(flow, node.step) ?? noAmount;
  const failure = budgetExhausted(describe(flow.budget, used, wanted));
  const { attempt } = node.state;
  return changeTo(key, node.step.id, { status: "failed", attempt, failure, output: {} });
}

/** What the end of an execution takes from the budget, and whether it should have said more about it. */
export function usageOf(
  { budget }: Flow,
  step: Step,
  usage: StepUsage | null,
): { readonly used: Amount; readonly isMissing: boolean } {
  if (step.kind !== "agent") return { used: amountOf(usage), isMissing: false };
  const isMissing = units.some(
    (unit) => budget !== null && budget[unit] !== null && (usage?.[unit] ?? null) === null,
  );
  const instead = budget?.unknown === "reserved" ? (step.reserve ?? budget.reserve) : null;
  return {
    used: amountOf({
      costUsd: usage?.costUsd ?? instead?.costUsd ?? null,
      tokens: usage?.tokens ?? instead?.tokens ?? null,
    }),
    isMissing: isMissing && budget?.unknown === "fail",
  };
}

function amountOf(cost: Cost | null): Amount {
  return { costUsd: cost?.costUsd ?? 0, tokens: cost?.tokens ?? 0 };
}

function describe(budget: Budget | null, used: Amount, wanted: Amount): string {
  const words = [];
  if (budget?.costUsd != null) {
    // Sums of fractions end in many digits.
    const cost = Number(used.costUsd.toFixed(4));
    words.push(`$${cost} of $${budget.costUsd} used, $${wanted.costUsd} to reserve`);
  }
  if (budget?.tokens != null) {
    words.push(`${used.tokens} of ${budget.tokens} tokens used, ${wanted.tokens} to reserve`);
  }
  return words.join("; ");
}
