import type { SqlValue, Transaction } from "./database.ts";
import type { Cells, FlowRows } from "./flow-rows.ts";

/** Writes what has become of flow runs: one statement, however many there are. */
export async function writeRows(
  transaction: Transaction,
  flows: readonly FlowRows[],
): Promise<void> {
  if (flows.length === 0) return;
  const values: SqlValue[] = [];
  const parts = [
    writing(
      tasks,
      flows.flatMap((flow) => flow.tasks),
      values,
    ),
    writing(
      events,
      flows.flatMap((flow) => flow.events),
      values,
    ),
    writing(
      flowRuns,
      flows.map(({ flow }) => flow),
      values,
    ),
  ];
  const [written, told, noted] = parts;
  await transaction.rows(`WITH written AS (${written}), told AS (${told}) ${noted}`, ...values);
}

interface Table {
  /** By name, in the order of the cells. */
  readonly columns: Readonly<
    Record<string, "bigint" | "integer" | "double precision" | "boolean" | "text">
  >;
  /** What is done with the rows, which are called `new`. */
  readonly sql: string;
}

/** Rows go as one list for each column: a list of documents would be read by Postgres, which refuses some texts. */
function writing({ columns, sql }: Table, rows: readonly Cells[], values: SqlValue[]): string {
  const before = values.length;
  const types = Object.values(columns);
  values.push(...types.map((_, column): SqlValue => rows.map((row) => row[column] ?? null)));
  const lists = types.map((type, column) => `$${before + column + 1}::${type}[]`).join(", ");
  const names = [...Object.keys(columns), "place"].join(", ");
  return sql.replace("{new}", `unnest(${lists}) WITH ORDINALITY AS new (${names})`);
}

/** Who has a task, and what is held back for it, stays so as long as it runs. */
const tasks: Table = {
  columns: {
    flow: "bigint",
    revision: "integer",
    key: "text",
    step_id: "text",
    status: "text",
    attempt: "integer",
    is_timed: "boolean",
    due_at_ms: "double precision",
    asked_at_ms: "double precision",
    gone_to: "integer",
    lane: "text",
    owner: "bigint",
    held_cost_usd: "double precision",
    held_tokens: "double precision",
    state: "text",
  },
  sql: `
    INSERT INTO delegate.task AS task
      (flow, revision, key, step_id, status, attempt, is_timed, due_at_ms, asked_at_ms, gone_to, lane, owner, held_cost_usd, held_tokens, state)
    SELECT flow, revision, key, step_id, status, attempt, is_timed, due_at_ms, asked_at_ms, gone_to, lane, owner, held_cost_usd, held_tokens, state::json
    FROM {new} ORDER BY place
    ON CONFLICT (flow, key) DO UPDATE SET
      revision = excluded.revision, status = excluded.status, attempt = excluded.attempt,
      is_timed = excluded.is_timed, due_at_ms = excluded.due_at_ms,
      asked_at_ms = excluded.asked_at_ms, gone_to = excluded.gone_to, lane = excluded.lane, state = excluded.state,
      execution = task.execution + CASE WHEN excluded.owner IS NULL THEN 0 ELSE 1 END,
      owner = CASE WHEN excluded.status = 'running' THEN coalesce(excluded.owner, task.owner) END,
      held_cost_usd = CASE WHEN excluded.status = 'running' THEN coalesce(excluded.held_cost_usd, task.held_cost_usd) END,
      held_tokens = CASE WHEN excluded.status = 'running' THEN coalesce(excluded.held_tokens, task.held_tokens) END`,
};

const events: Table = {
  columns: { flow: "bigint", seq: "integer", at: "text", happening: "text" },
  sql: `
    INSERT INTO delegate.event (flow, seq, at, happening)
    SELECT flow, seq, at, happening::json FROM {new}`,
};

const flowRuns: Table = {
  columns: {
    number: "bigint",
    revision: "integer",
    last_seq: "integer",
    used_cost_usd: "double precision",
    used_tokens: "double precision",
    status: "text",
    cancel: "text",
    ending: "text",
    ended_at: "text",
  },
  sql: `
    UPDATE delegate.flow AS flow SET
      revision = new.revision, last_seq = new.last_seq, used_cost_usd = new.used_cost_usd,
      used_tokens = new.used_tokens, status = new.status, cancel = new.cancel::json, ending = new.ending::json,
      ended_at = CASE WHEN new.ended_at IS NOT NULL THEN coalesce(flow.ended_at, new.ended_at) END
    FROM {new} WHERE flow.number = new.number`,
};
