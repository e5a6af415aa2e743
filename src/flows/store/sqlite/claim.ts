import { applyChanges } from "../../apply.ts";
import type { Amount, BudgetFacts } from "../../budget.ts";
import { exhaustTask, mayReserve, reservationOf } from "../../budget.ts";
import { claimTask } from "../../claim.ts";
import { jobOf } from "../../job.ts";
import type { Limits } from "../../limits.ts";
import { taskAt } from "../../place.ts";
import type { TaskKey } from "../../task.ts";
import type { FlowTree } from "../../tree.ts";
import type { Job } from "../../work.ts";
import { numberOf } from "./columns.ts";
import type { Database } from "./database.ts";
import type { Ledger } from "./ledger.ts";
import { alone } from "./ledger.ts";
import { findReadyTasks, placesLeft } from "./ready-tasks.ts";
import type { Candidate } from "./ready-tasks.ts";

/** For whom tasks are taken. */
export interface Claimer {
  readonly worker: number;
  /** For people. */
  readonly workerName: string;
  /** The only flow run that it carries out, or null. */
  readonly only: number | null;
  readonly limits: Limits;
}

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
    const purses = new Purses(database, ledger);
    for (const candidate of found.candidates) {
      if (places.leftFor(candidate.lane) === 0) continue;
      const job = take(ledger, purses, candidate, claimer);
      if (job === null) continue;
      places.take(candidate.lane);
      jobs.push(job);
    }
    // A step that fails for want of budget may have let others begin.
    if (!purses.haveRunDry) return { jobs, nextDueAtMs: found.nextDueAtMs };
  }
}

function take(
  ledger: Ledger,
  purses: Purses,
  { flow, key, lane }: Candidate,
  { worker, workerName }: Claimer,
): Job | null {
  const tree = ledger.tree(flow);
  const claim = tree === null ? null : claimTask(tree, key, workerName);
  if (tree === null || claim === null) return null;
  const held = lane.budgetOf === null ? null : purses.reserve(flow, tree, key);
  if (held === "no") return null;
  const after = applyChanges(tree, [claim]);
  ledger.claim(flow, claim, after, { worker, held });
  return jobOf(after, key);
}

/** The budgets of the flow runs in which something begins. */
class Purses {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #held = new Map<number, Pick<BudgetFacts, "held" | "running">>();
  /** In these, a step waits for what the running ones give back, and none goes before it. */
  readonly #blocked = new Set<number>();
  /** Whether a step has failed because nothing is left for it. */
  haveRunDry = false;

  constructor(database: Database, ledger: Ledger) {
    this.#database = database;
    this.#ledger = ledger;
  }

  /** What is held back for a step from now on; `no` when it can't begin. */
  reserve(flow: number, tree: FlowTree, key: TaskKey): Amount | "no" {
    const step = taskAt(tree, key)?.step;
    if (step === undefined || this.#blocked.has(flow)) return "no";
    const wanted = reservationOf(tree.request.flow, step);
    const now = this.#heldIn(flow);
    const used = this.#ledger.used(flow);
    const answer = mayReserve(tree.request.flow, wanted, { ...now, used });
    if (answer === "yes") {
      const held = wanted ?? { costUsd: 0, tokens: 0 };
      this.#held.set(flow, { held: sum(now.held, held), running: now.running + 1 });
      return held;
    }
    this.#blocked.add(flow);
    if (answer === "never") {
      this.haveRunDry = true;
      this.#ledger.decide(flow, (found) => alone(exhaustTask(found, key, used)));
    }
    return "no";
  }

  #heldIn(flow: number): Pick<BudgetFacts, "held" | "running"> {
    const known = this.#held.get(flow);
    if (known !== undefined) return known;
    const row = this.#database.first(
      `SELECT total(held_cost_usd) AS cost_usd, total(held_tokens) AS tokens, count(held_tokens) AS running
       FROM task INDEXED BY task_running WHERE status = 'running' AND flow = ?`,
      flow,
    );
    return {
      held: { costUsd: numberOf(row, "cost_usd"), tokens: numberOf(row, "tokens") },
      running: numberOf(row, "running"),
    };
  }
}

function sum(one: Amount, other: Amount): Amount {
  return { costUsd: one.costUsd + other.costUsd, tokens: one.tokens + other.tokens };
}
