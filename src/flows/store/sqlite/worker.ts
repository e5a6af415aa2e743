import { statSync } from "node:fs";
import { setImmediate as othersFirst } from "node:timers/promises";
import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import { ChangeWatch } from "../../../follow/change-watch.ts";
import { thisProcess } from "../../../run/process-identity.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import type { Execute, Job } from "../../work.ts";
import { WorkerJobs } from "../../worker-jobs.ts";
import type { StoreTrouble } from "../store-trouble.ts";
import { attempt } from "./attempt.ts";
import { bellOf } from "./bell.ts";
import type { Claimer } from "./claim.ts";
import type { Database } from "./database.ts";
import { Departure } from "../departure.ts";
import { FlowCopies } from "../flow-copies.ts";
import type { SeenBeats } from "../missed-beats.ts";
import { findFlow } from "./read-flow.ts";
import { migrations } from "./schema.ts";
import { StoreView } from "./store-view.ts";
import { isOver } from "./survey.ts";
import { fileGone, newerVersion } from "./trouble.ts";
import { WorkerRhythm } from "../worker-rhythm.ts";
import { registerWorker } from "./worker-rows.ts";
import type { WorkerSetup } from "./worker-setup.ts";
import type { Turn, TurnAsk } from "./worker-turn.ts";
import { takeTurn } from "./worker-turn.ts";

/** Between two tries when there is trouble. */
const AGAIN_MS = 100;
const LONGEST_PAUSE_MS = 60_000;
const COPIES_BYTES = 16 * 1024 * 1024;

/** Carries out steps until it has a reason to leave. */
export class Worker {
  readonly #database: Database;
  readonly #setup: WorkerSetup;
  readonly #options: WorkOptions;
  readonly #watch = new ChangeWatch({ leastMs: 0, mostMs: 1_000 });
  readonly #copies = new FlowCopies(COPIES_BYTES);
  readonly #jobs: WorkerJobs;
  readonly #view: StoreView;
  readonly #rhythm: WorkerRhythm;
  readonly #departure: Departure;
  readonly #inode: number;
  readonly #name: string;
  /** Its number among the workers; null before it has one, and after the others have given it up. */
  #number: number | null = null;
  #only: number | null = null;
  #seen: SeenBeats = new Map();
  #givenBack: readonly Job[] = [];

  constructor(database: Database, setup: WorkerSetup, execute: Execute, options: WorkOptions) {
    const nowMs = performance.now();
    this.#database = database;
    this.#setup = setup;
    this.#options = options;
    this.#jobs = new WorkerJobs(execute, () => this.#watch.notice());
    this.#view = new StoreView(nowMs);
    this.#rhythm = new WorkerRhythm(setup.pace.beatMs, options.idleMs, nowMs);
    this.#departure = new Departure(setup.pace);
    this.#inode = inodeOf(setup.path);
    const { host, pid } = thisProcess();
    this.#name = `${host}:${pid}`;
    this.#watch.add(bellOf(setup.path));
  }

  async run(): Promise<Result<WorkEnd>> {
    const wake = (): void => this.#watch.notice();
    this.#options.signal.addEventListener("abort", wake);
    try {
      for (;;) {
        const end = this.#look();
        if (end !== null) return end;
        await this.#pause();
      }
    } finally {
      this.#options.signal.removeEventListener("abort", wake);
    }
  }

  close(): void {
    this.#watch.close();
    this.#database.close();
  }

  /** Does everything that is to be done now; the value is how the work has ended, or null. */
  #look(): Result<WorkEnd> | null {
    if (this.#options.signal.aborted) this.#leave("signal");
    const { broken } = this.#departure;
    if (broken !== null) return this.#haveJobsStopped() ? failure(broken) : null;
    const dealt = attempt(this.#setup.path, () => this.#deal());
    if (!dealt.ok) return this.#onTrouble(dealt.failure);
    this.#departure.troubleIsOver();
    return dealt.value === null ? null : success(dealt.value);
  }

  #deal(): WorkEnd | null {
    const { path } = this.#setup;
    if (inodeOf(path) !== this.#inode) {
      this.#break(fileGone(path));
      return null;
    }
    if (!this.#findOnly()) return "flow_ended";
    const worker = this.#register();
    if (!this.#survey(worker)) return null;
    const dead = this.#view.takeDead(performance.now());
    const end = this.#isTurnDue(dead) ? this.#turn(worker, dead) : null;
    if (this.#only !== null && isOver(this.#database, this.#only)) this.#leave("flow_ended");
    return end;
  }

  /** False when the only flow run that it is for is not there. */
  #findOnly(): boolean {
    const { only } = this.#options;
    if (only !== null) this.#only ??= findFlow(this.#database, only);
    return only === null || this.#only !== null;
  }

  #register(): number {
    this.#number ??= this.#database.write(() =>
      registerWorker(this.#database, this.#options.only === null, Date.now()),
    );
    return this.#number;
  }

  /** Looks at what others have written; false when that ends what this worker is at. */
  #survey(worker: number): boolean {
    const claimer = this.#claimer(worker);
    const found = this.#view.refresh(this.#database, claimer, performance.now(), Date.now());
    if (found === null) return true;
    if (found.version > migrations.length) {
      this.#break(newerVersion(this.#setup.path, found.version, migrations.length));
      return false;
    }
    if (found.isKnown) this.#jobs.keepOnly(found.held);
    else this.#startOver();
    return found.isKnown;
  }

  #isTurnDue(dead: readonly number[]): boolean {
    const nowMs = performance.now();
    const { canClaim, nextDueAtMs } = this.#view;
    return (
      dead.length > 0 ||
      this.#jobs.ended.length > 0 ||
      (canClaim && this.#departure.because === null) ||
      (nextDueAtMs !== null && Date.now() >= nextDueAtMs) ||
      this.#rhythm.isTimeToBeat(this.#isAnybodyAtWork(), nowMs) ||
      (this.#jobs.hasWords && this.#rhythm.isTimeForWords(nowMs)) ||
      this.#isReadyToLeave(nowMs)
    );
  }

  /** Everything to be written down, in one transaction; the value is why it has left, or null. */
  #turn(worker: number, lost: readonly number[]): WorkEnd | null {
    const nowMs = performance.now();
    const ask = this.#ask(worker, lost, nowMs);
    const tools = {
      database: this.#database,
      copies: this.#copies,
      evaluator: this.#setup.evaluator,
      nowMs: Date.now(),
      random: Math.random(),
    };
    const turn = takeTurn(tools, ask);
    if (turn.kind === "given_up") {
      this.#startOver();
      return null;
    }
    this.#jobs.forget(ask.ended);
    this.#take(turn, nowMs);
    return turn.hasLeft ? (this.#departure.because ?? "idle") : null;
  }

  #ask(worker: number, lost: readonly number[], nowMs: number): TurnAsk {
    const isLeaving = this.#departure.because !== null;
    const isTimeToGo = this.#isReadyToLeave(nowMs);
    if (isLeaving && isTimeToGo) this.#givenBack = [...this.#givenBack, ...this.#jobs.abandon()];
    return {
      ...this.#claimer(worker),
      ended: this.#jobs.ended,
      words: this.#rhythm.isTimeForWords(nowMs) ? this.#jobs.takeWords() : [],
      givenBack: this.#givenBack,
      lost,
      seen: this.#rhythm.isTimeToWatchOthers(nowMs) ? this.#seen : null,
      doesClaim: !isLeaving,
      leaving: isTimeToGo ? (isLeaving ? "yes" : "if_idle") : "no",
    };
  }

  #take(turn: Turn & { readonly kind: "done" }, nowMs: number): void {
    this.#givenBack = [];
    this.#view.canClaim = false;
    this.#view.nextDueAtMs = turn.nextDueAtMs;
    this.#seen = turn.seen ?? this.#seen;
    for (const bug of turn.bugs) this.#options.warn(bug);
    // What such a flow run had under way is nobody's any more.
    if (turn.bugs.length > 0) this.#view.forget();
    for (const job of turn.jobs) this.#jobs.start(job);
    this.#rhythm.restart(this.#jobs.hasAny, nowMs);
  }

  /** The others took it for dead: what it holds is theirs. */
  #startOver(): void {
    this.#options.warn(
      "this worker did not show signs of life for too long: what it was at begins again elsewhere",
    );
    this.#jobs.stopAll("lost");
    this.#jobs.abandon();
    this.#jobs.forget(this.#jobs.ended);
    this.#givenBack = [];
    this.#seen = new Map();
    this.#number = null;
    this.#view.canClaim = true;
    this.#watch.notice();
  }

  #leave(because: WorkEnd): void {
    if (!this.#departure.leave(because, performance.now())) return;
    this.#jobs.stopAll("leaving");
    this.#watch.notice();
  }

  #break(reason: Failure): void {
    this.#departure.break(reason, performance.now());
    this.#jobs.stopAll("leaving");
    this.#watch.notice();
  }

  #isReadyToLeave(nowMs: number): boolean {
    if (this.#departure.because !== null) return this.#haveJobsStopped();
    return !this.#jobs.hasAny && this.#rhythm.isIdle(nowMs);
  }

  #haveJobsStopped(): boolean {
    return !this.#jobs.areRunning || performance.now() >= this.#departure.byMs;
  }

  #onTrouble(trouble: StoreTrouble): Result<WorkEnd> | null {
    const nowMs = performance.now();
    const { because, byMs } = this.#departure;
    // What it holds is taken from it as soon as its process has ended.
    if (because !== null && nowMs >= byMs) return success(because);
    const verdict = this.#departure.trouble(trouble, this.#jobs.areRunning, nowMs);
    if (verdict === "break") this.#break(trouble.failure);
    if (verdict === "warn") this.#options.warn(`${trouble.failure.message}; trying on`);
    return null;
  }

  /** Until something has changed, a job is over, or something is due. */
  async #pause(): Promise<void> {
    const timer = setTimeout(() => this.#watch.notice(), this.#msToNext());
    await this.#watch.next(never);
    clearTimeout(timer);
    // Whatever else has come in at the same time goes into the same transaction.
    await othersFirst();
  }

  #msToNext(): number {
    if (this.#departure.isInTrouble) return AGAIN_MS;
    const nowMs = performance.now();
    const { nextDueAtMs } = this.#view;
    const next = Math.min(
      this.#rhythm.nextAtMs(this.#isAnybodyAtWork(), this.#jobs.hasWords),
      this.#view.isBehind ? this.#view.dueAtMs : Number.POSITIVE_INFINITY,
      nextDueAtMs === null ? Number.POSITIVE_INFINITY : nowMs + nextDueAtMs - Date.now(),
      this.#departure.byMs,
    );
    return Math.min(Math.max(0, Math.ceil(next - nowMs)), LONGEST_PAUSE_MS);
  }

  #isAnybodyAtWork(): boolean {
    return this.#jobs.hasAny || this.#view.othersWork;
  }

  #claimer(worker: number): Claimer {
    const { limits } = this.#options;
    return { worker, workerName: this.#name, only: this.#only, limits };
  }
}

const never = new AbortController().signal;

function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
