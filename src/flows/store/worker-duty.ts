import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { Escalated, WorkEnd, WorkOptions } from "../store.ts";
import type { Execute, Job } from "../work.ts";
import type { EndedJob, JobWords } from "./worker-jobs.ts";
import { WorkerJobs } from "./worker-jobs.ts";
import { Departure } from "./departure.ts";
import type { StoreTrouble } from "./store-trouble.ts";
import type { WorkerPace } from "./worker-pace.ts";
import { WorkerRhythm } from "./worker-rhythm.ts";

/** What a worker has to write down in a turn, and what it wants. */
export interface TurnWish {
  readonly ended: readonly EndedJob[];
  readonly words: readonly JobWords[];
  /** Jobs that it does not carry on. */
  readonly givenBack: readonly Job[];
  readonly doesClaim: boolean;
  /** Whether it leaves: in any case, or unless something is under way after all. */
  readonly leaving: "no" | "if_idle" | "yes";
}

/** What came of a turn. */
export interface TurnFruit {
  readonly jobs: readonly Job[];
  /** What is to be told of bugs. */
  readonly bugs: readonly string[];
  readonly escalated: readonly Escalated[];
}

/** How a worker hears and is heard, besides its store. */
export interface DutyTools {
  readonly execute: Execute;
  /** Called when there is something to do. */
  readonly notice: () => void;
}

/** What a worker is at, what it owes its store, and whether it stays: whatever the store is. */
export class WorkerDuty {
  readonly #options: WorkOptions;
  readonly #notice: () => void;
  readonly #departure: Departure;
  readonly jobs: WorkerJobs;
  readonly rhythm: WorkerRhythm;
  #givenBack: readonly Job[] = [];

  constructor(
    pace: WorkerPace,
    options: WorkOptions,
    { execute, notice }: DutyTools,
    nowMs: number,
  ) {
    this.#options = options;
    this.#notice = notice;
    this.#departure = new Departure(pace);
    this.jobs = new WorkerJobs(execute, notice);
    this.rhythm = new WorkerRhythm(pace.beatMs, options.idleMs, nowMs);
  }

  get isLeaving(): boolean {
    return this.#departure.because !== null;
  }

  /** Why it can't go on, or null. */
  get broken(): Failure | null {
    return this.#departure.broken;
  }

  get isInTrouble(): boolean {
    return this.#departure.isInTrouble;
  }

  /** Whether there is something to write down, or to say. */
  isTurnDue(othersWork: boolean, nowMs: number): boolean {
    return (
      this.jobs.ended.length > 0 ||
      this.isTimeToBeat(othersWork, nowMs) ||
      (this.jobs.hasWords && this.rhythm.isTimeForWords(nowMs)) ||
      this.#isReadyToLeave(nowMs)
    );
  }

  isTimeToBeat(othersWork: boolean, nowMs: number): boolean {
    return this.rhythm.isTimeToBeat(this.jobs.hasAny || othersWork, nowMs);
  }

  /** When it has something to do by itself. */
  nextAtMs(othersWork: boolean): number {
    return Math.min(
      this.rhythm.nextAtMs(this.jobs.hasAny || othersWork, this.jobs.hasWords),
      this.#departure.byMs,
    );
  }

  /** What it wants of a turn that begins now. */
  wish(nowMs: number): TurnWish {
    const { isLeaving } = this;
    const isTimeToGo = this.#isReadyToLeave(nowMs);
    if (isLeaving && isTimeToGo) this.#givenBack = [...this.#givenBack, ...this.jobs.abandon()];
    return {
      ended: this.jobs.ended,
      words: this.rhythm.isTimeForWords(nowMs) ? this.jobs.takeWords() : [],
      givenBack: this.#givenBack,
      doesClaim: !isLeaving,
      leaving: isTimeToGo ? (isLeaving ? "yes" : "if_idle") : "no",
    };
  }

  /** What was wished for is done. */
  goOn({ ended }: TurnWish, { jobs, bugs, escalated }: TurnFruit, nowMs: number): void {
    this.jobs.forget(ended);
    this.#givenBack = [];
    for (const bug of bugs) this.#options.warn(bug);
    for (const each of escalated) this.#options.escalation?.tell(each);
    for (const job of jobs) this.jobs.start(job);
    this.rhythm.restart(this.jobs.hasAny, nowMs);
  }

  /** The others took it for dead: what it holds is theirs. */
  startOver(): void {
    this.#options.warn(
      "this worker did not show signs of life for too long: what it was at begins again elsewhere",
    );
    this.jobs.stopAll("lost");
    this.jobs.abandon();
    this.jobs.forget(this.jobs.ended);
    this.#givenBack = [];
    this.#notice();
  }

  leave(because: WorkEnd, nowMs: number): void {
    if (!this.#departure.leave(because, nowMs)) return;
    this.jobs.stopAll("leaving");
    this.#notice();
  }

  /** Why it has left, now that its store knows. */
  get end(): WorkEnd {
    return this.#departure.because ?? "idle";
  }

  /** It can't go on. */
  break(reason: Failure, nowMs: number): void {
    this.#departure.break(reason, nowMs);
    this.jobs.stopAll("leaving");
    this.#notice();
  }

  /** Its store can't be used now; the value is how the work has ended, or null. */
  meetTrouble(trouble: StoreTrouble, nowMs: number): Result<WorkEnd> | null {
    const { because, byMs } = this.#departure;
    // What it holds is taken from it as soon as its process has ended.
    if (because !== null && nowMs >= byMs) return success(because);
    const verdict = this.#departure.trouble(trouble, this.jobs.areRunning, nowMs);
    if (verdict === "break") this.break(trouble.failure, nowMs);
    if (verdict === "warn") this.#options.warn(`${trouble.failure.message}; trying on`);
    return null;
  }

  troubleIsOver(): void {
    this.#departure.troubleIsOver();
  }

  /** How the work of one that can't go on has ended; null as long as its jobs have not stopped. */
  endBroken(reason: Failure, nowMs: number): Result<WorkEnd> | null {
    return this.#haveJobsStopped(nowMs) ? failure(reason) : null;
  }

  #isReadyToLeave(nowMs: number): boolean {
    if (this.isLeaving) return this.#haveJobsStopped(nowMs);
    return !this.jobs.hasAny && this.rhythm.isIdle(nowMs);
  }

  #haveJobsStopped(nowMs: number): boolean {
    return !this.jobs.areRunning || nowMs >= this.#departure.byMs;
  }
}
