import type { FlowCopy } from "../flow-copies.ts";
import type { FlowKeeper, Writing } from "../ledger.ts";
import { troubleOf } from "./attempt.ts";
import type { Database } from "./database.ts";
import { endByBug } from "./end-by-bug.ts";
import { loadCopy } from "./load-copy.ts";
import { writeFlow } from "./write-flow.ts";

/** The flow runs of a file, for the ledger of one transaction. */
export class FileKeeper implements FlowKeeper {
  readonly #database: Database;
  readonly #nowMs: number;

  constructor(database: Database, nowMs: number) {
    this.#database = database;
    this.#nowMs = nowMs;
  }

  load(flow: number, older: FlowCopy | null): FlowCopy | null {
    return loadCopy(this.#database, flow, older);
  }

  write(before: FlowCopy, writing: Writing): FlowCopy {
    return writeFlow(this.#database, before, writing, this.#nowMs);
  }

  endByBug(flow: number, error: unknown): string {
    return endByBug(this.#database, flow, error, this.#nowMs);
  }

  isTrouble(error: unknown): boolean {
    return troubleOf(error) !== null;
  }
}
