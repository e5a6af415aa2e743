import type { Evaluator } from "../../evaluator.ts";
import type { FlowSignal, SignalReply } from "../../signal.ts";
import { FlowCopies } from "../flow-copies.ts";
import { Ledger } from "../ledger.ts";
import type { Database } from "./database.ts";
import { FlowSheets } from "./flow-sheets.ts";
import { findFlow } from "./read-flow.ts";
import { writeForCertain } from "./write-for-certain.ts";

/** Takes somebody's wish, with all that follows from it; null when there is no such flow run. */
export async function signalFlow(
  database: Database,
  evaluator: Evaluator,
  flowRunId: string,
  signal: FlowSignal,
): Promise<SignalReply | null> {
  return writeForCertain(database, async (transaction) => {
    const flow = await findFlow(transaction, flowRunId);
    if (flow === null) return null;
    const copies = new FlowCopies(0);
    const sheets = new FlowSheets(transaction, copies);
    await sheets.fetch([flow]);
    const ledger = new Ledger(sheets, copies, evaluator);
    const reply = ledger.signal(flow, signal);
    ledger.flush();
    await sheets.send();
    if (sheets.hasSent) await transaction.tell();
    return reply;
  });
}
