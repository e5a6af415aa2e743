import { DatabaseSync } from "node:sqlite";
import { delegateCommand } from "./commands.ts";
import type { FlowProject } from "./flow-project.ts";
import { timeOnce } from "./measure.ts";

/** Fills a project's store with finished flow runs: a real one, multiplied with all its rows. */
export function createOldFlows(project: FlowProject, count: number): void {
  const file = project.writeFlow("old", { only: { run: "/bin/true" } });
  timeOnce(delegateCommand(project, "flow", "run", file));
  const database = new DatabaseSync(project.storePath);
  // What is lost with the power is only the benchmark's.
  database.exec("PRAGMA synchronous = OFF");
  database.exec("BEGIN");
  database.exec(`CREATE TEMP TABLE copy AS
    WITH RECURSIVE copies (place) AS (SELECT 2 UNION ALL SELECT place + 1 FROM copies WHERE place < ${count})
    SELECT place FROM copies`);
  for (const [table, columns, values] of multiplied)
    database.exec(
      `INSERT INTO ${table} (${columns}) SELECT ${values} FROM copy CROSS JOIN ${table} AS model`,
    );
  database.exec("COMMIT");
  database.close();
}

/** The rows of the model, which has the number 1, for each copy; `model` is only itself as long as a table is read. */
const multiplied = [
  [
    "flow",
    "number, id, name, status, author, created_at, ended_at, revision, last_seq, end",
    "place, 'old-' || place, name, status, author, created_at, ended_at, revision, last_seq, end",
  ],
  ["request", "flow, request", "place, request"],
  [
    "task",
    "flow, key, step_id, status, attempt, revision, is_timed, due_at_ms, lane, state",
    "place, key, step_id, status, attempt, model.revision, is_timed, due_at_ms, lane, state",
  ],
  ["event", "flow, seq, at, happening", "place, seq, at, happening"],
] as const;
