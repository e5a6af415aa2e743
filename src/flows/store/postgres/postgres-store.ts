import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import type { Evaluator } from "../../evaluator.ts";
import type { FlowEvent } from "../../event.ts";
import type { FlowRequest, FlowState } from "../../flow-run.ts";
import type { FlowSignal, SignalReply } from "../../signal.ts";
import type {
  FlowFilter,
  FlowStore,
  FlowSummary,
  Stored,
  WorkEnd,
  WorkOptions,
} from "../../store.ts";
import type { Execute } from "../../work.ts";
import { answer, attempt } from "./attempt.ts";
import { ChangeSignal } from "./change-signal.ts";
import { createFlow } from "./create-flow.ts";
import type { Database, PostgresAddress } from "./database.ts";
import { readEvents } from "./flow-events.ts";
import { withForgetting } from "./forget-executions.ts";
import { listFlows } from "./list-flows.ts";
import { loadedOnce } from "../loaded-once.ts";
import { openDatabase } from "./open-database.ts";
import { loadPackages } from "./packages.ts";
import { endedFlows, pruneFlows } from "./prune-flows.ts";
import { readState } from "./read-flow.ts";
import { signalFlow } from "./signal-flow.ts";
import type { WorkerPace } from "../worker-pace.ts";
import { usualPace } from "../worker-pace.ts";
import { isWorkerAlive } from "./worker-rows.ts";

/** How a store in Postgres is opened. */
export interface PostgresOptions {
  readonly address: PostgresAddress;
  /** Called when something is to be decided; listing and reading need none. */
  readonly loadEvaluator: () => Promise<Evaluator>;
  /** The agents that workers of this process can hand work to; null: all. */
  readonly agents: ReadonlySet<string> | null;
  /** How long a command waits for others' locks, or looks again at a server that went away. Default 10 s. */
  readonly patienceMs?: number;
  readonly pace?: Partial<WorkerPace>;
}

const PATIENCE_MS = 10_000;
/** Between two looks. */
const AGAIN_MS = 100;
/** A command asks one thing at a time. */
const CONNECTIONS = 2;

/** Opens the flow runs that are kept in a Postgres, for workers on many machines. */
export async function openPostgresStore(options: PostgresOptions): Promise<Result<FlowStore>> {
  const { address, patienceMs = PATIENCE_MS } = options;
  const opened = await openDatabase({ address, connections: CONNECTIONS, lockMs: patienceMs });
  return opened.ok ? success(new PostgresStore(opened.value, options)) : opened;
}

class PostgresStore implements FlowStore {
  readonly #database: Database;
  readonly #options: PostgresOptions;
  readonly #changes: ChangeSignal;
  readonly #loadEvaluator: () => Promise<Evaluator>;

  constructor(database: Database, options: PostgresOptions) {
    this.#database = database;
    this.#options = options;
    this.#loadEvaluator = loadedOnce(options.loadEvaluator);
    this.#changes = new ChangeSignal(options.address);
  }

  async create(request: FlowRequest): Stored<"created" | "exists" | "conflict"> {
    const evaluator = await this.#loadEvaluator();
    return this.#answer((database) => createFlow(database, evaluator, request));
  }

  async read(flowRunId: string): Stored<FlowState | null> {
    return this.#look((database) => readState(database, flowRunId));
  }

  async list(filter: FlowFilter): Stored<readonly FlowSummary[]> {
    return this.#look((database) => listFlows(database, filter));
  }

  async events(flowRunId: string, afterSeq: number): Stored<readonly FlowEvent[]> {
    return this.#look((database) => readEvents(database, flowRunId, afterSeq));
  }

  async signal(flowRunId: string, signal: FlowSignal): Stored<SignalReply | null> {
    const evaluator = await this.#loadEvaluator();
    return this.#answer((database) => signalFlow(database, evaluator, flowRunId, signal));
  }

  async hasWorker(flowRunId: string | null): Stored<boolean> {
    return this.#look((database) => isWorkerAlive(database, flowRunId));
  }

  async changed(signal: AbortSignal): Promise<void> {
    await this.#changes.next(signal);
  }

  async prune(endedBeforeMs: number, isDryRun: boolean): Stored<readonly string[]> {
    if (isDryRun) return this.#answer((database) => endedFlows(database, endedBeforeMs));
    const packages = await loadPackages();
    if (!packages.ok) return packages;
    const { driver, dbos } = packages.value;
    const { address } = this.#options;
    return this.#answer((database) =>
      withForgetting(driver, dbos, address, (forget) =>
        pruneFlows(database, endedBeforeMs, forget),
      ),
    );
  }

  async work(execute: Execute, options: WorkOptions): Stored<WorkEnd> {
    const { work } = await import("./work.ts");
    const { address, agents, pace, patienceMs: lockMs = PATIENCE_MS } = this.#options;
    const evaluator = await this.#loadEvaluator();
    const setup = { address, agents, evaluator, lockMs, pace: { ...usualPace, ...pace } };
    return work(setup, execute, options);
  }

  async close(): Promise<void> {
    await this.#changes.close();
    await this.#database.close();
  }

  /** Whoever only looks may look again: a server that is restarted must not end a command that waits. */
  async #look<T>(body: (database: Database) => Promise<T>): Promise<Result<T>> {
    const { address, patienceMs = PATIENCE_MS } = this.#options;
    const untilMs = performance.now() + patienceMs;
    for (;;) {
      const looked = await attempt(address.name, () => body(this.#database));
      if (looked.ok) return looked;
      const { failure: reason, isPassing } = looked.failure;
      if (!isPassing || performance.now() >= untilMs) return failure(reason);
      await sleep(AGAIN_MS);
    }
  }

  #answer<T>(body: (database: Database) => Promise<T>): Promise<Result<T>> {
    return answer(this.#options.address.name, () => body(this.#database));
  }
}
