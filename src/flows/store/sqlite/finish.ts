import type { EndedJob, JobWords } from "../worker-jobs.ts";
import { expireTask } from "../../tasks/claim.ts";
import { recoverTask } from "../../tasks/recover.ts";
import { alone } from "../../tasks/settle.ts";
import type { SettleTools } from "../../tasks/settle.ts";
import type { Job } from "../../work.ts";
import { numberOf, textOf } from "../columns.ts";
import type { Database } from "./database.ts";
import { giveBack, settleJob } from "../job-end.ts";
import type { Ledger } from "../ledger.ts";
import type { EscalationRules } from "../../../questions/routing.ts";
import type { Escalated } from "../../store.ts";
import { escalateOverdue } from "../escalate-overdue.ts";
import { overdueTasks } from "./overdue-tasks.ts";
import { findFlow } from "./read-flow.ts";

/** One transaction of a worker. */
export interface Turning {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly worker: number;
}

/** Records how executions ended, unless another worker has the task by now. */
export function recordEnds(turning: Turning, ended: readonly EndedJob[], tools: SettleTools): void {
  for (const job of ended) {
    const flow = flowIfHeld(turning, job.job);
    if (flow !== null) turning.ledger.decide(flow, (tree) => settleJob(tree, job, tools));
  }
}

/** Makes jobs that this worker does not carry on ready for others. */
export function giveBackAll(turning: Turning, jobs: readonly Job[]): void {
  for (const job of jobs) {
    const flow = flowIfHeld(turning, job);
    if (flow !== null) turning.ledger.decide(flow, (tree) => giveBack(tree, job));
  }
}

/** Notes how far steps are. */
export function tellWords(turning: Turning, words: readonly JobWords[]): void {
  for (const { job, words: said } of words) {
    const flow = flowIfHeld(turning, job);
    if (flow !== null)
      turning.ledger.tell(flow, { type: "step_progress", key: job.key, words: said });
  }
}

/** Takes the tasks of workers that are gone away from them. */
export function recoverLost({ database, ledger }: Turning, lost: readonly number[]): void {
  for (const worker of lost) {
    const sql = "SELECT flow, key FROM task WHERE status = 'running' AND owner = ?";
    for (const row of database.all(sql, worker)) {
      const key = textOf(row, "key");
      ledger.decide(numberOf(row, "flow"), (tree) => recoverTask(tree, key, "gone"));
    }
    database.run("DELETE FROM worker WHERE number = ?", worker);
  }
}

/** People for whom a step does not wait any longer. */
export function expireWaiting({ database, ledger }: Turning, nowMs: number): void {
  const sql = "SELECT flow, key FROM task WHERE status = 'waiting' AND due_at_ms <= ?";
  for (const row of database.all(sql, nowMs)) {
    const key = textOf(row, "key");
    ledger.decide(numberOf(row, "flow"), (tree) => alone(expireTask(tree, key)));
  }
}

/** People who are told of a step that others have left waiting. */
export function escalateWaiting(
  { database, ledger }: Turning,
  rules: EscalationRules,
  nowMs: number,
): readonly Escalated[] {
  // What has just begun to wait is not there yet, and not due either.
  return escalateOverdue(ledger, overdueTasks(database, rules, nowMs), rules, nowMs);
}

/** The flow run of a job, or null when this worker has lost the task, or the flow run is no more. */
function flowIfHeld({ database, worker }: Turning, job: Job): number | null {
  const flow = findFlow(database, job.flowRunId);
  if (flow === null) return null;
  const row = database.first(
    "SELECT 1 FROM task WHERE flow = ? AND key = ? AND owner = ? AND attempt = ? AND status = 'running'",
    flow,
    job.key,
    worker,
    job.attempt,
  );
  return row === null ? null : flow;
}
