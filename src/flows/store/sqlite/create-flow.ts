import type { Evaluator } from "../../evaluator.ts";
import type { FlowRequest } from "../../flow-run.ts";
import { next } from "../../next.ts";
import { treeOf } from "../../apply.ts";
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
    begin(database, evaluator, request, nowMs);
    return "created";
  });
}

function begin(
  database: Database,
  evaluator: Evaluator,
  request: FlowRequest,
  nowMs: number,
): void {
  const tree = treeOf({ request, tasks: new Map(), cancel: null, end: null });
  const used = { costUsd: 0, tokens: 0 };
  const number = insertFlow(database, request);
  const ledger = new Ledger(new FileKeeper(database, nowMs), new FlowCopies(0), evaluator);
  ledger.begin({ number, tree, used, revision: 0, lastSeq: 0, bytes: 0 });
  const { name } = request.flow;
  ledger.tell(number, { type: "flow_created", name, author: request.author });
  const first = next(tree, evaluator);
  ledger.record(number, first.changes, first.tree);
  ledger.flush();
}
