import { statSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate as othersFirst } from "node:timers/promises";
import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import { ChangeWatch } from "../../../follow/change-watch.ts";
import { thisProcess } from "../../../run/ownership.ts";
import type { Evaluator } from "../../evaluator.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import type { Execute, Job } from "../../work.ts";
import { WorkerJobs } from "../../worker-jobs.ts";
import type { StoreTrouble } from "./attempt.ts";
import { attempt } from "./attempt.ts";
import type { Claimer } from "./claim.ts";
import type { Database } from "./database.ts";
import { FlowCopies } from "./flow-copies.ts";
import { Interval } from "./interval.ts";
import type { SeenBeats } from "./missed-beats.ts";
import { openDatabase } from "./open-database.ts";
import { findFlow } from "./read-flow.ts";
import { StoreView } from "./store-view.ts";
import { isOver } from "./survey.ts";
import { fileGone } from "./trouble.ts";
import { IDLE_BEAT_MS, registerWorker } from "./worker-rows.ts";
import type { Turn, TurnAsk } from "./worker-turn.ts";
import { takeTurn } from "./worker-turn.ts";

/** Which file a worker works on, and how patient it is. */
export interface WorkerSetup {
  readonly path: string;
  readonly evaluator: Evaluator;
  readonly pace: WorkerPace;
}

/** In milliseconds; all workers of a store have the same. */
export interface WorkerPace {
  /** Between signs of life; a worker that is silent for five of them is given up. */
  readonly beatMs: number;
  /** How long trouble may last while nothing is carried out. */
  readonly patienceMs: number;
  /** Trouble that is over sooner is nobody's concern. */
  readonly warnAfterMs: number;
  /** How long jobs may take to stop. */
  readonly leaveMs: number;
}

/** Opening waits for others' locks as a command does; later the event loop must not stand still for long. */
const OPEN_MS = 10_000;
const TURN_MS = 100;
const AGAIN_MS = 100;
const WORDS_MS = 1_000;
const COPIES_BYTES = 32 * 1024 * 1024;

/** Carries out steps of the flow runs in a file, as `FlowStore.work` says. */
export async function work(
  setup: WorkerSetup,
  execute: Execute,
  options: WorkOptions,
): Promise<Result<WorkEnd>> {
  const opened = openDatabase(setup.path, OPEN_MS);
  if (!opened.ok) return opened;
  opened.value.setPatience(TURN_MS);
  const worker = new Worker(opened.value, setup, execute, options);
  try {
    return await worker.run();
  } finally {
    worker.close();
  }
}

/** What is to be waited for before it is over. */
interface Leaving {
  readonly because: WorkEnd;
  readonly byMs: number;
}

class Worker {
  readonly #database: Database;
  readonly #setup: WorkerSetup;
  readonly #options: WorkOptions;
  readonly #watch = new ChangeWatch({ leastMs: 0, mostMs: 1_000 });
  readonly #copies = new FlowCopies(COPIES_BYTES);
  readonly #jobs: WorkerJobs;
  readonly #view: StoreView;
  readonly #beats: Interval;
  readonly #idleBeats: Interval;
  readonly #words: Interval;
  readonly #idleness: Interval;
  readonly #inode: number;
  readonly #name: string;
  /** Its number among the workers; null before it has one, and after the others have given it up. */
  #number: number | null = null;
  #only: number | null = null;
  #seen: SeenBeats = new Map();
  #givenBack: readonly Job[] = [];
  #leaving: Leaving | null = null;
  #broken: { readonly failure: Failure; readonly byMs: number } | null = null;
  #trouble: { readonly sinceMs: number; isTold: boolean } | null = null;

  constructor(database: Database, setup: WorkerSetup, execute: Execute, options: WorkOptions) {
    const nowMs = performance.now();
    this.#database = database;
    this.#setup = setup;
    this.#options = options;
    this.#jobs = new WorkerJobs(execute, () => this.#watch.notice());
    this.#view = new StoreView(nowMs);
    this.#beats = new Interval(setup.pace.beatMs, nowMs);
    this.#idleBeats = new Interval(IDLE_BEAT_MS, nowMs);
    this.#words = new Interval(WORDS_MS, nowMs);
    this.#idleness = new Interval(options.idleMs ?? Number.POSITIVE_INFINITY, nowMs);
    this.#inode = inodeOf(setup.path);
    const { host, pid } = thisProcess();
    this.#name = `${host}:${pid}`;
    this.#watch.add(dirname(setup.path));
  }

  async run(): Promise<Result<WorkEnd>> {
    this.#options.signal.addEventListener("abort", () => this.#watch.notice(), { once: true });
    for (;;) {
      const end = this.#look();
      if (end !== null) return end;
      await this.#pause();
    }
  }

  close(): void {
    this.#watch.close();
    this.#database.close();
  }

  /** Does everything that is to be done now; the value is how the work has ended, or null. */
  #look(): Result<WorkEnd> | null {
    if (this.#options.signal.aborted) this.#leave("signal");
    if (this.#broken !== null)
      return this.#haveJobsStopped(this.#broken) ? failure(this.#broken.failure) : null;
    const dealt = attempt(this.#setup.path, () => this.#deal());
    if (!dealt.ok) return this.#onTrouble(dealt.failure);
    this.#trouble = null;
    return dealt.value === null ? null : success(dealt.value);
  }

  #deal(): WorkEnd | null {
    if (inodeOf(this.#setup.path) !== this.#inode) {
      this.#break(fileGone(this.#setup.path));
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

  /** Looks at what others have written; false when they have given this worker up. */
  #survey(worker: number): boolean {
    const claimer = this.#claimer(worker);
    const found = this.#view.refresh(this.#database, claimer, performance.now(), Date.now());
    if (found === null) return true;
    if (!found.isKnown) {
      this.#startOver();
      return false;
    }
    this.#jobs.stopAllBut(found.held, "lost");
    for (const { flowRunId, key, isCanceled } of found.held)
      if (isCanceled) this.#jobs.stop(flowRunId, key, "canceled");
    return true;
  }

  #isTurnDue(dead: readonly number[]): boolean {
    const nowMs = performance.now();
    const { canClaim, nextDueAtMs } = this.#view;
    return (
      dead.length > 0 ||
      this.#jobs.ended.length > 0 ||
      (canClaim && this.#leaving === null) ||
      (nextDueAtMs !== null && Date.now() >= nextDueAtMs) ||
      this.#watchInterval().isDue(nowMs) ||
      (this.#jobs.hasWords && this.#words.isDue(nowMs)) ||
      this.#isReadyToLeave(nowMs)
    );
  }

  /** Everything to be written down, in one transaction; the value is why it has left, or null. */
  #turn(worker: number, lost: readonly number[]): WorkEnd | null {
    const nowMs = performance.now();
    const ask = this.#ask(worker, lost, nowMs);
    const { evaluator } = this.#setup;
    const turn = takeTurn(
      {
        database: this.#database,
        copies: this.#copies,
        evaluator,
        nowMs: Date.now(),
        random: Math.random(),
      },
      ask,
    );
    if (turn.kind === "given_up") {
      this.#startOver();
      return null;
    }
    this.#jobs.forget(ask.ended);
    this.#take(turn, nowMs);
    return turn.hasLeft ? (this.#leaving?.because ?? "idle") : null;
  }

  #ask(worker: number, lost: readonly number[], nowMs: number): TurnAsk {
    const isTimeToGo = this.#isReadyToLeave(nowMs);
    if (isTimeToGo && this.#leaving !== null)
      this.#givenBack = [...this.#givenBack, ...this.#jobs.abandon()];
    return {
      ...this.#claimer(worker),
      ended: this.#jobs.ended,
      words: this.#words.isDue(nowMs) ? this.#jobs.takeWords() : [],
      givenBack: this.#givenBack,
      lost,
      seen: this.#beats.isDue(nowMs) ? this.#seen : null,
      doesClaim: this.#leaving === null,
      leaving: isTimeToGo ? (this.#leaving === null ? "if_idle" : "yes") : "no",
    };
  }

  #take(turn: Turn & { readonly kind: "done" }, nowMs: number): void {
    this.#givenBack = [];
    this.#view.canClaim = false;
    this.#view.nextDueAtMs = turn.nextDueAtMs;
    this.#idleBeats.restart(nowMs);
    if (turn.seen !== null) {
      this.#seen = turn.seen;
      this.#beats.restart(nowMs);
    }
    if (this.#words.isDue(nowMs)) this.#words.restart(nowMs);
    for (const bug of turn.bugs) this.#options.warn(bug);
    // What such a flow run had under way is nobody's any more.
    if (turn.bugs.length > 0) this.#view.forget();
    for (const job of turn.jobs) this.#jobs.start(job);
    if (this.#jobs.count > 0 || this.#idleness.isDue(nowMs)) this.#idleness.restart(nowMs);
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
    if (this.#leaving !== null) return;
    this.#leaving = { because, byMs: performance.now() + this.#setup.pace.leaveMs };
    this.#jobs.stopAll("leaving");
    this.#watch.notice();
  }

  #break(reason: Failure): void {
    this.#broken ??= { failure: reason, byMs: performance.now() + this.#setup.pace.leaveMs };
    this.#jobs.stopAll("leaving");
    this.#watch.notice();
  }

  #isReadyToLeave(nowMs: number): boolean {
    if (this.#leaving !== null) return this.#haveJobsStopped(this.#leaving);
    return this.#jobs.count === 0 && this.#idleness.isDue(nowMs);
  }

  #haveJobsStopped({ byMs }: { readonly byMs: number }): boolean {
    return this.#jobs.runningCount === 0 || performance.now() >= byMs;
  }

  /** What passes is waited out, for ever as long as something is carried out whose end is worth recording. */
  #onTrouble({ failure: reason, isPassing }: StoreTrouble): Result<WorkEnd> | null {
    const nowMs = performance.now();
    this.#trouble ??= { sinceMs: nowMs, isTold: false };
    const lastsMs = nowMs - this.#trouble.sinceMs;
    if (this.#leaving !== null && nowMs >= this.#leaving.byMs)
      return success(this.#leaving.because);
    const isOverdue = this.#jobs.runningCount === 0 && lastsMs >= this.#setup.pace.patienceMs;
    if (!isPassing || isOverdue) this.#break(reason);
    else if (!this.#trouble.isTold && lastsMs >= this.#setup.pace.warnAfterMs) {
      this.#trouble.isTold = true;
      this.#options.warn(`${reason.message}; trying on`);
    }
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
    const nowMs = performance.now();
    if (this.#trouble !== null) return AGAIN_MS;
    const { nextDueAtMs } = this.#view;
    const dueAtMs = [
      this.#watchInterval().dueAtMs,
      this.#idleness.dueAtMs,
      this.#jobs.hasWords ? this.#words.dueAtMs : null,
      this.#view.isBehind ? this.#view.dueAtMs : null,
      nextDueAtMs === null ? null : nowMs + nextDueAtMs - Date.now(),
      (this.#broken ?? this.#leaving)?.byMs ?? null,
    ];
    const next = Math.min(...dueAtMs.map((atMs) => atMs ?? Number.POSITIVE_INFINITY));
    return Math.min(Math.max(0, Math.ceil(next - nowMs)), LONGEST_MS);
  }

  /** As long as anybody holds tasks, all workers show each other that they live. */
  #watchInterval(): Interval {
    return this.#jobs.count > 0 || this.#view.othersWork ? this.#beats : this.#idleBeats;
  }

  #claimer(worker: number): Claimer {
    const { limits } = this.#options;
    return { worker, workerName: this.#name, only: this.#only, limits };
  }
}

const LONGEST_MS = 60_000;
const never = new AbortController().signal;

function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
