import type { Evaluator } from "../../evaluator.ts";
import type { FlowRequest } from "../../flow-run.ts";
import type { Database } from "./database.ts";
import { FlowCopies } from "../flow-copies.ts";
import { Ledger } from "../ledger.ts";
import { isSameRequest } from "../same-request.ts";
import { FileKeeper } from "./file-keeper.ts";
import { findFlow, readRequest } from "./read-flow.ts";
import { insertFlow } from "./write-flow.ts";

/** Takes up a flow run and decides on its first steps; of several processes with one id exactly one creates it. */
export function createFlow(
  database: Database,
  evaluator: Evaluator,
  request: FlowRequest,
  nowMs: number,
): "created" | "exists" | "conflict" {
  return database.write(() => {
    const known = findFlow(database, request.flowRunId);
    if (known !== null)
      return isSameRequest(readRequest(database, known), request) ? "exists" : "conflict";
    const ledger = new Ledger(new FileKeeper(database, nowMs), new FlowCopies(0), evaluator);
    ledger.create(insertFlow(database, request), request);
    ledger.flush();
    return "created";
  });
}
