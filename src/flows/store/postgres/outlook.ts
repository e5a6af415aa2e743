import { Interval } from "../interval.ts";
import type { PlacedClaimer } from "./claim.ts";
import type { Database } from "./database.ts";
import type { RecoveredExecution } from "./execution.ts";
import type { Executions } from "./executions.ts";
import { OtherWorkers } from "./other-workers.ts";
import type { Survey } from "./survey.ts";
import { survey } from "./survey.ts";
import { Takeover } from "./takeover.ts";

/** Others may write many times a second. */
const SURVEY_MS = 10;

/** What a worker knows of Postgres without asking. */
export class Outlook {
  readonly #database: Database;
  readonly #surveying: Interval;
  readonly #others: OtherWorkers;
  readonly #takeover: Takeover;
  /** How often something has happened elsewhere, and how often that was when it was looked at. */
  #heard = 1;
  #seen = 0;
  /** Workers to be given up. */
  #lost: readonly number[] = [];
  /** Whether there may be something to take. */
  canClaim = true;
  /** Whether others hold tasks. */
  othersWork = false;

  constructor(database: Database, onOrphan: (orphan: RecoveredExecution) => void, nowMs: number) {
    this.#database = database;
    this.#surveying = new Interval(SURVEY_MS, nowMs - SURVEY_MS);
    this.#others = new OtherWorkers(nowMs);
    this.#takeover = new Takeover(database, onOrphan);
  }

  /** Something may have happened. */
  hear(): void {
    this.#heard += 1;
  }

  /** When it is time to look again. */
  get dueAtMs(): number {
    const behindAtMs = this.#isBehind ? this.#surveying.dueAtMs : Number.POSITIVE_INFINITY;
    return Math.min(behindAtMs, this.#takeover.dueAtMs);
  }

  /** How things stand if it is time to look, or for this worker's next sign of life; else null, which costs nothing. */
  async refresh(
    claimer: PlacedClaimer,
    executions: Executions,
    isBeat: boolean,
    nowMs: number,
  ): Promise<Survey | null> {
    if (!isBeat && nowMs < this.dueAtMs) return null;
    this.#surveying.restart(nowMs);
    const heard = this.#heard;
    const found = await survey(this.#database, claimer);
    this.#seen = heard;
    this.canClaim = found.canClaim;
    this.othersWork = found.othersWork;
    this.#lost = [...this.#lost, ...this.#others.see(found.others, isBeat)];
    if (found.isKnown) this.#takeover.begin(found.gone, executions, nowMs);
    return found;
  }

  /** Workers that have died or fallen silent; each is named once. */
  takeLost(nowMs: number): readonly number[] {
    const lost = [...this.#lost, ...this.#others.takeDead(nowMs)];
    this.#lost = [];
    return lost;
  }

  get #isBehind(): boolean {
    return this.#heard !== this.#seen;
  }
}
