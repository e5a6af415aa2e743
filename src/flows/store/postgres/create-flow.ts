import type { Evaluator } from "../../evaluator.ts";
import type { FlowRequest } from "../../flow-run.ts";
import { numberOf } from "../columns.ts";
import { FlowCopies } from "../flow-copies.ts";
import { Ledger } from "../ledger.ts";
import { requestOf } from "../read-rows.ts";
import { isSameRequest } from "../same-request.ts";
import type { Database, Transaction } from "./database.ts";
import { FlowSheets } from "./flow-sheets.ts";
import { writeForCertain } from "./write-for-certain.ts";

/** Takes up a flow run and decides on its first steps; of several processes with one id exactly one creates it. */
export async function createFlow(
  database: Database,
  evaluator: Evaluator,
  request: FlowRequest,
): Promise<"created" | "exists" | "conflict"> {
  return writeForCertain(database, async (transaction) => {
    const known = await transaction.first(
      `SELECT request.request FROM delegate.flow JOIN delegate.request ON request.flow = flow.number
       WHERE flow.id = $1`,
      request.flowRunId,
    );
    if (known !== null) return isSameRequest(requestOf(known), request) ? "exists" : "conflict";
    await begin(transaction, evaluator, request);
    await transaction.tell();
    return "created";
  });
}

async function begin(
  transaction: Transaction,
  evaluator: Evaluator,
  request: FlowRequest,
): Promise<void> {
  const copies = new FlowCopies(0);
  const sheets = new FlowSheets(transaction, copies);
  const ledger = new Ledger(sheets, copies, evaluator);
  ledger.create(await insertFlow(transaction, request), request);
  ledger.flush();
  await sheets.send();
}

async function insertFlow(transaction: Transaction, request: FlowRequest): Promise<number> {
  const row = await transaction.first(
    `WITH flow AS (INSERT INTO delegate.flow (id, name, status, author, created_at)
       VALUES ($1, $2, 'running', $3, $4) RETURNING number)
     INSERT INTO delegate.request (flow, request) SELECT number, $5::json FROM flow RETURNING flow`,
    request.flowRunId,
    request.flow.name,
    request.author,
    request.createdAt,
    JSON.stringify(request),
  );
  return numberOf(row, "flow");
}
