import { expireTask } from "../../tasks/claim.ts";
import { recoverTask } from "../../tasks/recover.ts";
import type { Settled, SettleTools } from "../../tasks/settle.ts";
import { alone, settleTask } from "../../tasks/settle.ts";
import type { FlowTree } from "../../tree/tree.ts";
import { giveBack, settleJob } from "../job-end.ts";
import type { Escalated } from "../../store.ts";
import { escalateOverdue } from "../escalate-overdue.ts";
import type { Ledger } from "../ledger.ts";
import type { Turning } from "./claim.ts";
import type { Execution, RecoveredExecution } from "./execution.ts";
import { flowsHeldBy } from "./holders.ts";
import type { DueTasks } from "./turn-frame.ts";
import type { TurnAsk, TurnTools } from "./worker-turn.ts";

/** What is to be noted about an execution, unless another one has its task by now. */
interface Note {
  readonly execution: Execution;
  readonly note: (ledger: Ledger, flow: number) => void;
}

/** Notes how far jobs are and how they ended, what was recovered, and what people have not decided; the value is what goes to the next in line. */
export async function recordAll(
  { transaction, sheets, ledger }: Turning,
  ask: TurnAsk,
  { expired, overdue }: DueTasks,
  { evaluator }: TurnTools,
): Promise<readonly Escalated[]> {
  const notes = notesOf(ask, { evaluator, nowMs: transaction.nowMs, random: Math.random() });
  const flows = await flowsHeldBy(
    transaction,
    notes.map(({ execution }) => execution),
  );
  await sheets.fetch([
    ...flows.filter((flow) => flow !== null),
    ...[...expired, ...overdue].map(({ flow }) => flow),
  ]);
  for (const [index, { note }] of notes.entries()) {
    const flow = flows[index] ?? null;
    if (flow !== null) note(ledger, flow);
  }
  for (const { flow, key } of expired) ledger.decide(flow, (tree) => alone(expireTask(tree, key)));
  return escalateOverdue(ledger, overdue, ask.escalation, transaction.nowMs);
}

function notesOf(ask: TurnAsk, tools: SettleTools): readonly Note[] {
  const { executionOf, words, ended, givenBack, recovered } = ask;
  return [
    ...words.map((said) => ({
      execution: executionOf(said.job),
      note: (ledger: Ledger, flow: number): void =>
        ledger.tell(flow, { type: "step_progress", key: said.job.key, words: said.words }),
    })),
    ...ended.map((job) => decided(executionOf(job.job), (tree) => settleJob(tree, job, tools))),
    ...givenBack.map((job) => decided(executionOf(job), (tree) => giveBack(tree, job))),
    ...recovered.map((found) => decided(found.execution, (tree) => recover(tree, found, tools))),
  ];
}

function decided(execution: Execution, decision: (tree: FlowTree) => Settled): Note {
  return { execution, note: (ledger, flow) => ledger.decide(flow, decision) };
}

/** How it ended counts if that was kept; whatever was cut off is as its step's file says. */
function recover(
  tree: FlowTree,
  { execution: { key }, end }: RecoveredExecution,
  tools: SettleTools,
): Settled {
  return end === null || end.end === "canceled"
    ? recoverTask(tree, key, "gone")
    : settleTask(tree, key, end, tools);
}
