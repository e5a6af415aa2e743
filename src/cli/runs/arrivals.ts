import type { Config } from "../../config/config.ts";
import { dayOf } from "../../follow/day.ts";
import { DayTails } from "../../follow/days.ts";
import { readNewcomers } from "../../follow/newcomers.ts";
import type { KnownRun } from "../../follow/run-watch.ts";
import { listRuns } from "../../run/run-list.ts";
import { readKnownRun } from "./known-run.ts";
import { lifeOf } from "./run-life.ts";

/** Beyond so many runs, those in flight are not looked for. */
const NEWEST_RUNS = 1_000;

/** A run that nobody has driven for so long is not in flight any more. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/** Finds the runs that are in flight, and those that begin or are taken up again meanwhile, in any process. */
export class Arrivals {
  readonly #config: Config;
  readonly #nowMs: () => number;
  readonly #log: DayTails;

  constructor(config: Config, nowMs: () => number) {
    this.#config = config;
    this.#nowMs = nowMs;
    this.#log = new DayTails({
      folder: config.logDir,
      firstDay: dayOf(nowMs()),
      from: "end",
      nowMs,
    });
    // From here on nothing is missed, whatever is listed afterwards.
    this.#log.read();
  }

  /** The runs that were begun earlier and have not ended. */
  inFlight(): readonly KnownRun[] {
    const { handoffDir } = this.#config;
    return listRuns(handoffDir, { status: null, agent: null, caller: null, limit: NEWEST_RUNS })
      .filter(({ status }) => status === null)
      .filter(
        ({ runId, updatedAt }) =>
          this.#nowMs() - Date.parse(updatedAt) < FORGOTTEN_AFTER_MS ||
          lifeOf(handoffDir, runId) === "driven",
      )
      .map(({ runId, agent, createdAt }) => ({ runId, agent, createdAtMs: Date.parse(createdAt) }));
  }

  /** The runs that have come since the last time. */
  newcomers(): readonly (KnownRun & { readonly isNew: boolean })[] {
    return readNewcomers(this.#log).flatMap(({ runId, isNew }) => {
      const request = readKnownRun(this.#config.handoffDir, runId);
      if (!request.ok) return [];
      const { agent, createdAt } = request.value;
      return [{ runId, agent, createdAtMs: Date.parse(createdAt), isNew }];
    });
  }

  close(): void {
    this.#log.close();
  }
}
