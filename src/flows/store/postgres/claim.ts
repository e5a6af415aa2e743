import { noAmount } from "../../tasks/budget.ts";
import type { Places } from "../places.ts";
import type { Job } from "../../work.ts";
import { earlier } from "../earlier.ts";
import type { Ledger } from "../ledger.ts";
import { Purses } from "../purses.ts";
import type { Claimer } from "../take-task.ts";
import { takeTask } from "../take-task.ts";
import type { Asked, Transaction } from "./database.ts";
import type { Execution } from "./execution.ts";
import { fairRoom, headStart } from "./fair-room.ts";
import type { FlowSheets } from "./flow-sheets.ts";
import type { ReadyTask } from "./ready-tasks.ts";
import { findReadyTasks, heldIn, readLoad } from "./ready-tasks.ts";

/** For whom tasks are taken, and what there is where it is. */
export interface PlacedClaimer extends Claimer {
  /** The agents that it can hand work to; null: all. */
  readonly agents: ReadonlySet<string> | null;
  /** Whether a folder is on this machine. */
  readonly hasFolder: (path: string) => boolean;
  /** How long it has been there. */
  readonly aliveMs: number;
}

/** A job, and which execution of its task it is. */
export interface ClaimedJob {
  readonly job: Job;
  readonly execution: Execution;
}

export interface Claimed {
  readonly jobs: readonly ClaimedJob[];
  /** When something may begin that is left for others until then, or null. */
  readonly nextDueAtMs: number | null;
}

/** Everything that one transaction of a worker has to do with. */
export interface Turning {
  readonly transaction: Transaction;
  readonly sheets: FlowSheets;
  readonly ledger: Ledger;
}

/** Takes as many tasks as limits, budgets and others have room for, the oldest first. */
export async function claimTasks(turning: Turning, claimer: PlacedClaimer): Promise<Claimed> {
  const { transaction, sheets, ledger } = turning;
  const jobs: ClaimedJob[] = [];
  for (;;) {
    ledger.flush();
    await sheets.send();
    const found = await findTasks(transaction, claimer);
    await sheets.fetch(found.tasks.map(({ flow }) => flow));
    const held = await heldIn(transaction, flowsWithBudget(found.tasks));
    const purses = new Purses(ledger, (flow) => held.get(flow) ?? nothingHeld);
    const taken = takeTasks(ledger, purses, found, claimer);
    jobs.push(...taken.jobs);
    // A step that fails for want of budget may have let others begin.
    if (!purses.haveRunDry) return { jobs, nextDueAtMs: taken.nextDueAtMs };
  }
}

/** Whether there is something to take. */
export async function canClaim(asked: Asked, claimer: PlacedClaimer): Promise<boolean> {
  const { tasks, places, room } = await findTasks(asked, claimer);
  return tasks.some(
    (task) => places.leftFor(task.lane) > 0 && task.sinceMs >= headStart(task, claimer, room > 0),
  );
}

/** What may begin, as far as this worker and the limits go. */
interface FoundTasks {
  readonly tasks: readonly ReadyTask[];
  readonly places: Places;
  /** How many more it takes before it is the turn of others. */
  readonly room: number;
}

async function findTasks(asked: Asked, claimer: PlacedClaimer): Promise<FoundTasks> {
  const { worker, limits, only, agents } = claimer;
  const load = await readLoad(asked, worker, limits);
  const found = await findReadyTasks(asked, load.places, only);
  const isServed = ({ lane: { agent } }: ReadyTask): boolean =>
    agent === null || agents === null || agents.has(agent);
  return { tasks: found.filter(isServed), places: load.places, room: fairRoom(claimer, load) };
}

function takeTasks(
  ledger: Ledger,
  purses: Purses,
  { tasks, places, room }: FoundTasks,
  claimer: PlacedClaimer,
): Claimed {
  const jobs: ClaimedJob[] = [];
  let nextDueAtMs: number | null = null;
  for (const task of tasks) {
    if (places.leftFor(task.lane) === 0) continue;
    const headStartMs = headStart(task, claimer, jobs.length < room);
    if (task.sinceMs < headStartMs) {
      nextDueAtMs = earlier(nextDueAtMs, task.dueAtMs + headStartMs);
      continue;
    }
    const job = takeTask(ledger, purses, task, claimer);
    if (job === null) continue;
    places.take(task.lane);
    jobs.push({ job, execution: executionOf(job, task) });
  }
  return { jobs, nextDueAtMs };
}

function flowsWithBudget(tasks: readonly ReadyTask[]): readonly number[] {
  return [...new Set(tasks.flatMap(({ lane }) => lane.budgetOf ?? []))];
}

function executionOf({ flowRunId, key }: Job, { executions }: ReadyTask): Execution {
  return { flowRunId, key, number: executions + 1 };
}

const nothingHeld = { held: noAmount, running: 0 };
