import { Interval } from "../interval.ts";
import type { Database } from "./database.ts";
import type { RecoveredExecution } from "./execution.ts";
import type { Executions } from "./executions.ts";
import { executionsOfWorker } from "./holders.ts";
import type { GoneWorker } from "./worker-rows.ts";
import { removeWorker } from "./worker-rows.ts";

/** Between two looks at what has become of it: DBOS hands it out about once in a second. */
const AGAIN_MS = 500;

/** Has what workers were at that are gone taken up by those that live. */
export class Takeover {
  readonly #database: Database;
  readonly #onOrphan: (orphan: RecoveredExecution) => void;
  readonly #looking = new Interval(AGAIN_MS, Number.NEGATIVE_INFINITY);
  #isAtIt = false;
  #isOpen = false;

  /** `onOrphan` hears of each execution that DBOS will not give to anybody. */
  constructor(database: Database, onOrphan: (orphan: RecoveredExecution) => void) {
    this.#database = database;
    this.#onOrphan = onOrphan;
  }

  /** When to look again whether all is in other hands. */
  get dueAtMs(): number {
    return this.#isOpen ? this.#looking.dueAtMs : Number.POSITIVE_INFINITY;
  }

  /** Begins with it, if it is time for that. */
  begin(gone: readonly GoneWorker[], executions: Executions, nowMs: number): void {
    this.#isOpen = gone.length > 0;
    if (gone.length === 0 || this.#isAtIt || !this.#looking.isDue(nowMs)) return;
    this.#looking.restart(nowMs);
    this.#isAtIt = true;
    void this.#takeOver(gone, executions).finally(() => {
      this.#isAtIt = false;
    });
  }

  async #takeOver(gone: readonly GoneWorker[], executions: Executions): Promise<void> {
    try {
      for (const { number, executor } of gone) {
        await executions.recover(executor);
        const left = await executionsOfWorker(this.#database, number);
        if (left.length === 0) await removeWorker(this.#database, number);
        const held = left.map(({ execution }) => execution);
        for (const execution of await executions.withoutFuture(held))
          this.#onOrphan({ execution, end: null });
      }
    } catch {
      // Postgres is away, or this worker is leaving: whoever looks next does it.
    }
  }
}
