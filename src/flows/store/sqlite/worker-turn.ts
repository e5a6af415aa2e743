import type { Evaluator } from "../../evaluator.ts";
import type { Job } from "../../work.ts";
import type { Claimer } from "../take-task.ts";
import { claimTasks } from "./claim.ts";
import type { Database } from "./database.ts";
import {
  escalateWaiting,
  expireWaiting,
  giveBackAll,
  recordEnds,
  recoverLost,
  tellWords,
} from "./finish.ts";
import type { FlowCopies } from "../flow-copies.ts";
import { Ledger } from "../ledger.ts";
import type { Escalated } from "../../store.ts";
import type { TurnWish } from "../worker-duty.ts";
import { FileKeeper } from "./file-keeper.ts";
import type { SeenBeats } from "../missed-beats.ts";
import { countMissed } from "../missed-beats.ts";
import { nextPeopleMs } from "./overdue-tasks.ts";
import { earlier } from "../earlier.ts";
import { isAnythingUnderWay } from "./survey.ts";
import { beat, otherWorkersAtWork, removeWorker } from "./worker-rows.ts";

/** What a worker does its turns with. */
export interface TurnTools {
  readonly database: Database;
  readonly copies: FlowCopies;
  readonly evaluator: Evaluator;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** From 0 up to 1. */
  readonly random: number;
}

/** What a worker has to write down, and what it wants. */
export interface TurnAsk extends Claimer, TurnWish {
  /** Workers that have certainly died. */
  readonly lost: readonly number[];
  /** The beats of others as it last saw them, when it is time to look at them again; else null. */
  readonly seen: SeenBeats | null;
}

export type Turn =
  /** The others have given this worker up, and all it holds is theirs. */
  | { readonly kind: "given_up" }
  | {
      readonly kind: "done";
      readonly jobs: readonly Job[];
      readonly nextDueAtMs: number | null;
      readonly seen: SeenBeats | null;
      readonly bugs: readonly string[];
      readonly escalated: readonly Escalated[];
      readonly hasLeft: boolean;
    };

/** All that a worker has for the store, in one transaction, so that the disk is asked once. */
export function takeTurn(tools: TurnTools, ask: TurnAsk): Turn {
  const { database, copies, evaluator, nowMs } = tools;
  const ledger = new Ledger(new FileKeeper(database, nowMs), copies, evaluator);
  const turn = database.write(() =>
    beat(database, ask.worker, nowMs) ? writeDown(tools, ledger, ask) : givenUp,
  );
  ledger.keep();
  return turn;
}

const givenUp: Turn = { kind: "given_up" };

function writeDown(tools: TurnTools, ledger: Ledger, ask: TurnAsk): Turn {
  const { database, nowMs } = tools;
  const turning = { database, ledger, worker: ask.worker };
  const counted =
    ask.seen === null ? null : countMissed(ask.seen, otherWorkersAtWork(database, ask.worker));
  tellWords(turning, ask.words);
  recordEnds(turning, ask.ended, tools);
  giveBackAll(turning, ask.givenBack);
  recoverLost(turning, [...ask.lost, ...(counted?.silent ?? [])]);
  expireWaiting(turning, nowMs);
  const escalated = escalateWaiting(turning, ask.escalation, nowMs);
  const claimed = ask.doesClaim ? claimTasks(database, ledger, ask, nowMs) : nothing;
  ledger.flush();
  return {
    kind: "done",
    jobs: claimed.jobs,
    nextDueAtMs: earlier(claimed.nextDueAtMs, nextPeopleMs(database, ask.escalation)),
    seen: counted?.seen ?? null,
    bugs: ledger.bugs,
    escalated,
    hasLeft: leaveIfAsked(database, ask),
  };
}

/** Whoever starts a flow run now either finds this worker gone, or is seen by it. */
function leaveIfAsked(database: Database, { leaving, worker, only }: TurnAsk): boolean {
  if (leaving === "no" || (leaving === "if_idle" && isAnythingUnderWay(database, only)))
    return false;
  removeWorker(database, worker);
  return true;
}

const nothing = { jobs: [], nextDueAtMs: null };
