import type { Evaluator } from "../../evaluator.ts";
import type { Job } from "../../work.ts";
import { Ledger } from "../ledger.ts";
import type { Escalated } from "../../store.ts";
import type { TurnWish } from "../worker-duty.ts";
import type { FlowCopies } from "../flow-copies.ts";
import type { Claimed, ClaimedJob, PlacedClaimer, Turning } from "./claim.ts";
import { claimTasks } from "./claim.ts";
import type { Database, Transaction } from "./database.ts";
import type { Execution, RecoveredExecution } from "./execution.ts";
import { FlowSheets } from "./flow-sheets.ts";
import { earlier } from "../earlier.ts";
import { recordAll } from "./record.ts";
import { isAnythingUnderWay } from "./survey.ts";
import type { DueTasks } from "./turn-frame.ts";
import { beginTurn, endTurn } from "./turn-frame.ts";
import { unheardJobs } from "./unheard-jobs.ts";
import { giveUp } from "./worker-rows.ts";

/** What a worker does its turns with. */
export interface TurnTools {
  readonly database: Database;
  readonly copies: FlowCopies;
  readonly evaluator: Evaluator;
}

/** What a worker has to write down, and what it wants. */
export interface TurnAsk extends PlacedClaimer, TurnWish {
  /** Which execution a job is. */
  readonly executionOf: (job: Job) => Execution;
  /** What workers had begun that are gone. */
  readonly recovered: readonly RecoveredExecution[];
  /** Workers that are given up. */
  readonly lost: readonly number[];
  /** Whether it may hold more than it knows of: it did not hear how a turn before this one ended. */
  readonly mayHoldMore: boolean;
  /** Whether it knows of an execution that it holds. */
  readonly isKnown: (execution: Execution) => boolean;
}

export type Turn =
  /** The others have given this worker up, and all it holds is theirs. */
  | { readonly kind: "given_up" }
  | {
      readonly kind: "done";
      readonly jobs: readonly ClaimedJob[];
      /** Milliseconds from now, or null. */
      readonly nextDueInMs: number | null;
      readonly bugs: readonly string[];
      readonly escalated: readonly Escalated[];
      /** Whether the only flow run that it is for has ended with this turn. */
      readonly isOver: boolean;
      readonly hasLeft: boolean;
    };

/** All that a worker has for Postgres, in one transaction. */
export async function takeTurn(tools: TurnTools, ask: TurnAsk): Promise<Turn> {
  const { database, copies, evaluator } = tools;
  const taken = await database.write(async (transaction) => {
    const due = await beginTurn(transaction, ask.worker, ask.escalation);
    if (due === null) return null;
    const sheets = new FlowSheets(transaction, copies);
    const ledger = new Ledger(sheets, copies, evaluator);
    const turn = await writeDown({ transaction, sheets, ledger }, ask, due, tools);
    return { turn, ledger };
  });
  taken?.ledger.keep();
  return taken?.turn ?? { kind: "given_up" };
}

async function writeDown(
  turning: Turning,
  ask: TurnAsk,
  due: DueTasks,
  tools: TurnTools,
): Promise<Turn> {
  const { transaction, sheets, ledger } = turning;
  const escalated = await recordAll(turning, ask, due, tools);
  await giveUp(transaction, ask.lost);
  const unheard =
    ask.mayHoldMore && ask.doesClaim ? await unheardJobs(turning, ask.worker, ask.isKnown) : [];
  const claimed = ask.doesClaim ? await claimTasks(turning, ask) : nothing;
  ledger.flush();
  await sheets.send();
  const hasLeft = await leaveIfAsked(transaction, ask);
  const hasChanged = sheets.hasSent || hasLeft || ask.lost.length > 0;
  const dueAtMs = await endTurn(transaction, ask, hasChanged);
  const nextAtMs = earlier(claimed.nextDueAtMs, dueAtMs);
  return {
    kind: "done",
    jobs: [...unheard, ...claimed.jobs],
    nextDueInMs: nextAtMs === null ? null : nextAtMs - transaction.nowMs,
    bugs: ledger.bugs,
    escalated,
    isOver: ask.only !== null && (ledger.tree(ask.only)?.end ?? null) !== null,
    hasLeft,
  };
}

/** Whoever starts a flow run now either finds this worker gone, or is seen by it. */
async function leaveIfAsked(
  transaction: Transaction,
  { leaving, worker, only }: TurnAsk,
): Promise<boolean> {
  if (leaving === "no") return false;
  if (leaving === "if_idle" && (await isAnythingUnderWay(transaction, only))) return false;
  await giveUp(transaction, [worker]);
  return true;
}

const nothing: Claimed = { jobs: [], nextDueAtMs: null };
