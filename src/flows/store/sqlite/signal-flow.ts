import type { Evaluator } from "../../evaluator.ts";
import type { FlowSignal, SignalReply } from "../../signal.ts";
import type { Database } from "./database.ts";
import { FlowCopies } from "../flow-copies.ts";
import { Ledger } from "../ledger.ts";
import { FileKeeper } from "./file-keeper.ts";
import { findFlow } from "./read-flow.ts";

/** Takes somebody's wish, with all that follows from it; null when there is no such flow run. */
export function signalFlow(
  database: Database,
  evaluator: Evaluator,
  flowRunId: string,
  signal: FlowSignal,
  nowMs: number,
): SignalReply | null {
  return database.write(() => {
    const flow = findFlow(database, flowRunId);
    if (flow === null) return null;
    const ledger = new Ledger(new FileKeeper(database, nowMs), new FlowCopies(0), evaluator);
    const reply = ledger.signal(flow, signal);
    ledger.flush();
    return reply;
  });
}
