import type { Job } from "../../work.ts";
import { numberOf } from "../columns.ts";
import type { Ledger } from "../ledger.ts";
import type { Held } from "../purses.ts";
import { Purses } from "../purses.ts";
import type { Claimer } from "../take-task.ts";
import { takeTask } from "../take-task.ts";
import type { Database } from "./database.ts";
import { findReadyTasks, placesLeft } from "./ready-tasks.ts";

export interface Claimed {
  readonly jobs: readonly Job[];
  readonly nextDueAtMs: number | null;
}

/** Takes as many tasks as limits and budgets have room for, the oldest first. */
export function claimTasks(
  database: Database,
  ledger: Ledger,
  claimer: Claimer,
  nowMs: number,
): Claimed {
  const jobs: Job[] = [];
  for (;;) {
    ledger.flush();
    const places = placesLeft(database, claimer.limits);
    const found = findReadyTasks(database, places, claimer.only, nowMs);
    const purses = new Purses(ledger, (flow) => heldIn(database, flow));
    for (const candidate of found.candidates) {
      if (places.leftFor(candidate.lane) === 0) continue;
      const job = takeTask(ledger, purses, candidate, claimer);
      if (job === null) continue;
      places.take(candidate.lane);
      jobs.push(job);
    }
    // A step that fails for want of budget may have let others begin.
    if (!purses.haveRunDry) return { jobs, nextDueAtMs: found.nextDueAtMs };
  }
}

/** What the running steps of a flow run hold of its budget. */
function heldIn(database: Database, flow: number): Held {
  const row = database.first(
    `SELECT total(held_cost_usd) AS cost_usd, total(held_tokens) AS tokens, count(held_tokens) AS running
     FROM task INDEXED BY task_running WHERE status = 'running' AND flow = ?`,
    flow,
  );
  return {
    held: { costUsd: numberOf(row, "cost_usd"), tokens: numberOf(row, "tokens") },
    running: numberOf(row, "running"),
  };
}
