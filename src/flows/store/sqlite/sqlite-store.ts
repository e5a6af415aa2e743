import type { Result } from "../../../failure.ts";
import { success } from "../../../failure.ts";
import { ChangeWatch } from "../../../follow/change-watch.ts";
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
import { answer, answerInTime } from "./attempt.ts";
import { bellOf } from "./bell.ts";
import { createFlow } from "./create-flow.ts";
import type { Database } from "./database.ts";
import { readEvents } from "./flow-events.ts";
import { listFlows } from "./list-flows.ts";
import { openDatabase } from "./open-database.ts";
import { openToLook } from "./open-to-look.ts";
import { pruneFlows } from "./prune-flows.ts";
import { loadedOnce } from "../loaded-once.ts";
import { findFlow, readState } from "./read-flow.ts";
import { signalFlow } from "./signal-flow.ts";
import type { WorkerPace } from "../worker-pace.ts";
import { usualPace } from "../worker-pace.ts";
import { work } from "./work.ts";
import { isWorkerAlive } from "./worker-rows.ts";

/** How a SQLite store is opened. */
export interface SqliteOptions {
  /** The file; it and its folder are made when they are not there. */
  readonly path: string;
  /** Called when something is to be decided; listing and reading need none. */
  readonly loadEvaluator: () => Promise<Evaluator>;
  /** How long a command waits for others' locks. Default 10 s. */
  readonly busyMs?: number;
  readonly pace?: Partial<WorkerPace>;
}

const BUSY_MS = 10_000;

/** Opens the flow runs that are kept in one file on this machine. */
export function openSqliteStore(options: SqliteOptions): Result<FlowStore> {
  const opened = openDatabase(options.path, options.busyMs ?? BUSY_MS);
  return opened.ok ? success(new SqliteStore(opened.value, options)) : opened;
}

/** The same for who only reads, also where nothing can be written; `mayMake`: a file that is not there may be made. */
export function openSqliteStoreToLook(options: SqliteOptions, mayMake: boolean): Result<FlowStore> {
  const opened = openToLook(options.path, options.busyMs ?? BUSY_MS, mayMake);
  return opened.ok ? success(new SqliteStore(opened.value, options)) : opened;
}

class SqliteStore implements FlowStore {
  readonly #database: Database;
  readonly #options: SqliteOptions;
  readonly #loadEvaluator: () => Promise<Evaluator>;
  /** What was seen when `changed` resolved the last time. */
  #seen = "";

  constructor(database: Database, options: SqliteOptions) {
    this.#database = database;
    this.#options = options;
    this.#loadEvaluator = loadedOnce(options.loadEvaluator);
  }

  async create(request: FlowRequest): Stored<"created" | "exists" | "conflict"> {
    const evaluator = await this.#loadEvaluator();
    return this.#answer((database) => createFlow(database, evaluator, request, Date.now()));
  }

  async read(flowRunId: string): Stored<FlowState | null> {
    return this.#answer((database) =>
      database.read(() => {
        const flow = findFlow(database, flowRunId);
        return flow === null ? null : readState(database, flow);
      }),
    );
  }

  async list(filter: FlowFilter): Stored<readonly FlowSummary[]> {
    return this.#answer((database) => listFlows(database, filter));
  }

  async events(flowRunId: string, afterSeq: number): Stored<readonly FlowEvent[]> {
    return this.#answer((database) => readEvents(database, flowRunId, afterSeq));
  }

  async signal(flowRunId: string, signal: FlowSignal): Stored<SignalReply | null> {
    const evaluator = await this.#loadEvaluator();
    return this.#answer((database) =>
      signalFlow(database, evaluator, flowRunId, signal, Date.now()),
    );
  }

  async hasWorker(flowRunId: string | null): Stored<boolean> {
    return this.#answer((database) => isWorkerAlive(database, flowRunId, Date.now()));
  }

  async changed(signal: AbortSignal): Promise<void> {
    const watch = new ChangeWatch({ leastMs: 0, mostMs: 1_000 });
    watch.add(bellOf(this.#options.path));
    while (!signal.aborted && !this.#hasChanged()) await watch.next(signal);
    watch.close();
  }

  async prune(endedBeforeMs: number, isDryRun: boolean): Stored<readonly string[]> {
    return answerInTime(this.#options.path, () =>
      pruneFlows(this.#database, endedBeforeMs, isDryRun),
    );
  }

  async work(execute: Execute, options: WorkOptions): Stored<WorkEnd> {
    const { path, pace } = this.#options;
    const evaluator = await this.#loadEvaluator();
    return work({ path, evaluator, pace: { ...usualPace, ...pace } }, execute, options);
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #answer<T>(body: (database: Database) => T): Result<T> {
    return answer(this.#options.path, () => body(this.#database));
  }

  /** Trouble counts as a change: whoever looks then hears of it. */
  #hasChanged(): boolean {
    const version = answer(
      this.#options.path,
      () => `${this.#database.othersVersion}.${this.#database.ownChanges}`,
    );
    const now = version.ok ? version.value : "";
    const hasChanged = now === "" || now !== this.#seen;
    this.#seen = now;
    return hasChanged;
  }
}
