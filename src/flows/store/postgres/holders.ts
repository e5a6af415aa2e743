import { numberOf, textOf } from "../columns.ts";
import type { Asked } from "./database.ts";
import type { Execution } from "./execution.ts";

/** For each of these executions the flow run whose task it still is; null when another one has the task by now. */
export async function flowsHeldBy(
  asked: Asked,
  executions: readonly Execution[],
): Promise<readonly (number | null)[]> {
  if (executions.length === 0) return [];
  const rows = await asked.rows(
    `SELECT place, flow.number FROM unnest($1::text[], $2::text[], $3::integer[]) WITH ORDINALITY
       AS asked (id, key, execution, place)
     JOIN delegate.flow ON flow.id = asked.id
     JOIN delegate.task ON task.flow = flow.number AND task.key = asked.key
       AND task.execution = asked.execution AND task.status = 'running'`,
    executions.map(({ flowRunId }) => flowRunId),
    executions.map(({ key }) => key),
    executions.map(({ number }) => number),
  );
  const flows = new Map(rows.map((row) => [numberOf(row, "place"), numberOf(row, "number")]));
  return executions.map((_, index) => flows.get(index + 1) ?? null);
}

/** An execution that a worker holds, and its flow run. */
export interface HeldExecution {
  readonly flow: number;
  readonly execution: Execution;
}

/** The executions of a worker, as far as nobody else has taken them up or ended them. */
export async function executionsOfWorker(
  asked: Asked,
  worker: number,
): Promise<readonly HeldExecution[]> {
  const rows = await asked.rows(
    `SELECT flow.number, flow.id, task.key, task.execution FROM delegate.task
     JOIN delegate.flow ON flow.number = task.flow WHERE task.status = 'running' AND task.owner = $1`,
    worker,
  );
  return rows.map((row) => ({
    flow: numberOf(row, "number"),
    execution: {
      flowRunId: textOf(row, "id"),
      key: textOf(row, "key"),
      number: numberOf(row, "execution"),
    },
  }));
}
