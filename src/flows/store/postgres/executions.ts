import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import type { StepEnd } from "../../work.ts";
import type { Database } from "./database.ts";
import { APPLICATION, shownAddress, silent, VERSION } from "./dbos-settings.ts";
import type { Execution, RecoveredExecution } from "./execution.ts";
import { executionId } from "./execution.ts";
import type { Dbos } from "./packages.ts";
import { DBOS_SCHEMA, SETUP_LOCK } from "./schema.ts";
import { PostgresTrouble } from "./trouble.ts";

/** As often as it takes. */
const MOST_RECOVERIES = 1_000_000_000;
/** After an outage DBOS waits longer and longer before it tries again; no longer than this. */
const LONGEST_PAUSE_SECONDS = 2;

/** What an execution has come to, as DBOS keeps it. */
type KeptEnd = StepEnd | { readonly end: "unknown" };

/** An execution of this process. */
interface Running {
  readonly carryOut: () => Promise<StepEnd>;
  /** What it came to is kept by DBOS. */
  readonly isKept: (end: StepEnd) => void;
  /** The flow run knows it too. */
  readonly recorded: PromiseWithResolvers<void>;
}

/** What executions are told to. */
export interface ExecutionsTools {
  readonly dbos: Dbos;
  /** DBOS's own; it is closed with it. */
  readonly pool: Pool;
  readonly onRecovered: (recovered: RecoveredExecution) => void;
}

/**
 * The executions of this process, as durable workflows of DBOS: how one ended is kept before anything else is done with
 * it, and one whose process has died is taken up by another. There can be one at a time in a process.
 */
export class Executions {
  readonly #tools: ExecutionsTools;
  readonly #running = new Map<string, Running>();
  /** What others had begun, and how DBOS is told that it is done with. */
  readonly #recovered = new Map<string, () => void>();
  readonly #workflow: (execution: Execution) => Promise<void>;
  /** The name of this process to DBOS; never given twice. */
  readonly executor = randomUUID();

  private constructor(tools: ExecutionsTools) {
    this.#tools = tools;
    const { DBOS } = tools.dbos;
    this.#workflow = DBOS.registerWorkflow(
      async (execution: Execution) => {
        const end = await DBOS.runStep(() => this.#carryOut(execution), { name: "carry out" });
        await this.#record(execution, end);
      },
      { name: "execution", maxRecoveryAttempts: MOST_RECOVERIES },
    );
  }

  /** Makes this process one that carries out, and the tables of DBOS if they are not there. */
  static async launch(database: Database, tools: ExecutionsTools): Promise<Executions> {
    const { DBOS, retries } = tools.dbos;
    const executions = new Executions(tools);
    retries.maxBackoffSec = LONGEST_PAUSE_SECONDS;
    DBOS.setConfig({
      name: APPLICATION,
      systemDatabaseUrl: shownAddress,
      systemDatabasePool: tools.pool,
      systemDatabaseSchemaName: DBOS_SCHEMA,
      useListenNotify: false,
      executorID: executions.executor,
      applicationVersion: VERSION,
      logger: silent,
    });
    try {
      // Two that make the tables at the same time break each other.
      await database.alone(SETUP_LOCK, () => DBOS.launch());
    } catch (error) {
      await executions.close();
      const cause = causeOf(error);
      throw cause === null ? error : new PostgresTrouble(cause);
    }
    return executions;
  }

  /** Carries out, and resolves when DBOS has kept how it ended, or at once when the signal has fired. */
  run(
    execution: Execution,
    carryOut: () => Promise<StepEnd>,
    signal: AbortSignal,
  ): Promise<StepEnd> {
    const ended = Promise.withResolvers<StepEnd>();
    const carried = Promise.withResolvers<StepEnd>();
    signal.addEventListener("abort", () => ended.resolve(carried.promise), { once: true });
    this.#running.set(executionId(execution), {
      carryOut: async () => {
        const end = await carryOut();
        carried.resolve(end);
        return end;
      },
      isKept: ended.resolve,
      recorded: Promise.withResolvers(),
    });
    this.#start(execution).catch(ended.reject);
    return ended.promise;
  }

  /** What came of it stands in its flow run, or does not matter any more. */
  settle(execution: Execution): void {
    const id = executionId(execution);
    this.#running.get(id)?.recorded.resolve();
    this.#running.delete(id);
    this.#recovered.get(id)?.();
    this.#recovered.delete(id);
  }

  /** Has what another process was at when it died taken up by those that live. */
  async recover(executor: string): Promise<void> {
    await this.#tools.dbos.getExecutor().recoverPendingWorkflows([executor]);
  }

  /** Which of these DBOS does not know, or takes for ended: nobody will take them up. */
  async withoutFuture(executions: readonly Execution[]): Promise<readonly Execution[]> {
    if (executions.length === 0) return [];
    const workflowIDs = executions.map(executionId);
    const found = await this.#tools.dbos.DBOS.listWorkflows({
      workflowIDs,
      loadInput: false,
      loadOutput: false,
    });
    const active = new Set(
      found.filter(({ status }) => activeStatuses.has(status)).map(({ workflowID }) => workflowID),
    );
    return executions.filter((execution) => !active.has(executionId(execution)));
  }

  /** Leaves; what it is still at is left for others. */
  async close(): Promise<void> {
    this.#running.clear();
    this.#recovered.clear();
    await this.#tools.dbos.DBOS.shutdown({ deregister: true });
    await this.#tools.pool.end();
  }

  async #start(execution: Execution): Promise<void> {
    const workflowID = executionId(execution);
    const handle = await this.#tools.dbos.DBOS.startWorkflow(this.#workflow, { workflowID })(
      execution,
    );
    await handle.getResult();
  }

  /** One that this process has not begun was begun by one that is gone: what it did nobody knows. */
  async #carryOut(execution: Execution): Promise<KeptEnd> {
    const running = this.#running.get(executionId(execution));
    return running === undefined ? { end: "unknown" } : running.carryOut();
  }

  async #record(execution: Execution, end: KeptEnd): Promise<void> {
    const id = executionId(execution);
    const running = this.#running.get(id);
    if (running === undefined || end.end === "unknown") return this.#handOver(execution, end);
    running.isKept(end);
    await running.recorded.promise;
  }

  async #handOver(execution: Execution, end: KeptEnd): Promise<void> {
    const recorded = Promise.withResolvers<void>();
    this.#recovered.set(executionId(execution), recorded.resolve);
    this.#tools.onRecovered({ execution, end: end.end === "unknown" ? null : end });
    await recorded.promise;
  }
}

const activeStatuses: ReadonlySet<string> = new Set(["PENDING", "ENQUEUED", "DELAYED"]);

/** What DBOS says when it can't begin; it keeps what Postgres said. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof Error) || !("dbosErrorCode" in error)) return null;
  return "error" in error ? (error.error ?? error) : error;
}
