import { setImmediate as othersFirst } from "node:timers/promises";
import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import { ChangeWatch } from "../../../follow/change-watch.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import { WorkerJobs } from "../../worker-jobs.ts";
import type { Execute, Job } from "../../work.ts";
import { Departure } from "../departure.ts";
import { FlowCopies } from "../flow-copies.ts";
import { WorkerRhythm } from "../worker-rhythm.ts";
import type { StoreTrouble } from "../store-trouble.ts";
import { attempt } from "./attempt.ts";
import type { Life } from "./begin-life.ts";
import { beginLife } from "./begin-life.ts";
import type { Claimer } from "./claim.ts";
import type { Database } from "./database.ts";
import type { RecoveredExecution } from "./execution.ts";
import { JobExecutions } from "./job-executions.ts";
import { Listener } from "./listener.ts";
import { Outlook } from "./outlook.ts";
import { findFlow } from "./read-flow.ts";
import { migrations } from "./schema.ts";
import { newerVersion } from "./trouble.ts";
import type { WorkerSetup } from "./worker-setup.ts";
import type { Turn, TurnAsk, TurnTools } from "./worker-turn.ts";
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
  readonly #watch = new ChangeWatch({ leastMs: 0, mostMs: LONGEST_PAUSE_MS });
  readonly #listener: Listener;
  readonly #tools: TurnTools;
  readonly #jobs: WorkerJobs;
  readonly #executions: JobExecutions;
  readonly #outlook: Outlook;
  readonly #rhythm: WorkerRhythm;
  readonly #departure: Departure;
  /** Null before the others know it, and after they have given it up. */
  #life: Life | null = null;
  #only: number | null = null;
  #nextDueAtMs = Number.POSITIVE_INFINITY;
  #givenBack: readonly Job[] = [];

  constructor(database: Database, setup: WorkerSetup, execute: Execute, options: WorkOptions) {
    const nowMs = performance.now();
    this.#database = database;
    const { evaluator } = setup;
    this.#tools = { database, copies: new FlowCopies(COPIES_BYTES), evaluator };
    this.#setup = setup;
    this.#options = options;
    this.#listener = new Listener(setup.driver, setup.address, (teller) => this.#hear(teller));
    this.#executions = new JobExecutions(execute);
    this.#jobs = new WorkerJobs(
      (job, tools) => this.#executions.carryOut(job, tools),
      () => this.#watch.notice(),
    );
    this.#outlook = new Outlook(database, (orphan) => this.#recover(orphan), nowMs);
    this.#rhythm = new WorkerRhythm(setup.pace.beatMs, options.idleMs, nowMs);
    this.#departure = new Departure(setup.pace);
  }

  async run(): Promise<Result<WorkEnd>> {
    const wake = (): void => this.#watch.notice();
    this.#options.signal.addEventListener("abort", wake);
    await this.#listener.open();
    try {
      for (;;) {
        const end = await this.#look();
        if (end !== null) return end;
        await this.#pause();
      }
    } finally {
      this.#options.signal.removeEventListener("abort", wake);
    }
  }

  async close(): Promise<void> {
    this.#watch.close();
    await this.#life?.executions.close();
    await this.#listener.close();
    await this.#database.close();
  }

  /** Does everything that is to be done now; the value is how the work has ended, or null. */
  async #look(): Promise<Result<WorkEnd> | null> {
    if (this.#options.signal.aborted) this.#leave("signal");
    const { broken } = this.#departure;
    if (broken !== null) return this.#haveJobsStopped() ? failure(broken) : null;
    const dealt = await attempt(this.#setup.address.name, () => this.#deal());
    if (!dealt.ok) return this.#onTrouble(dealt.failure);
    this.#departure.troubleIsOver();
    return dealt.value === null ? null : success(dealt.value);
  }

  async #deal(): Promise<WorkEnd | null> {
    if (!(await this.#findOnly())) return "flow_ended";
    this.#life ??= await this.#begin();
    const life = this.#life;
    if (!(await this.#survey(life))) return null;
    const lost = this.#outlook.takeLost(performance.now());
    return this.#isTurnDue(lost) ? this.#turn(life, lost) : null;
  }

  /** False when the only flow run that it is for is not there. */
  async #findOnly(): Promise<boolean> {
    const { only } = this.#options;
    if (only !== null) this.#only ??= await findFlow(this.#database, only);
    return only === null || this.#only !== null;
  }

  async #begin(): Promise<Life> {
    const takesAny = this.#options.only === null;
    const onRecovered = (found: RecoveredExecution): void => this.#recover(found);
    const life = await beginLife(this.#database, this.#setup, takesAny, onRecovered);
    await this.#listener.hold(life.number);
    this.#executions.begin(life.executions);
    return life;
  }

  /** Looks at what others have done, if they have; false when that ends what this worker is at. */
  async #survey(life: Life): Promise<boolean> {
    const nowMs = performance.now();
    const isBeat = this.#rhythm.isTimeToBeat(this.#isAnybodyAtWork(), nowMs);
    const found = await this.#outlook.refresh(this.#claimer(life), life.executions, isBeat, nowMs);
    if (found === null) return true;
    if (found.version > migrations.length) {
      this.#break(newerVersion(this.#setup.address.name, found.version, migrations.length));
      return false;
    }
    if (found.isKnown) this.#jobs.keepOnly(found.held);
    else await this.#startOver();
    if (found.isOver) this.#leave("flow_ended");
    return found.isKnown;
  }

  #isTurnDue(lost: readonly number[]): boolean {
    const nowMs = performance.now();
    return (
      lost.length > 0 ||
      this.#executions.recovered.length > 0 ||
      this.#jobs.ended.length > 0 ||
      (this.#outlook.canClaim && this.#departure.because === null) ||
      nowMs >= this.#nextDueAtMs ||
      this.#rhythm.isTimeToBeat(this.#isAnybodyAtWork(), nowMs) ||
      (this.#jobs.hasWords && this.#rhythm.isTimeForWords(nowMs)) ||
      this.#isReadyToLeave(nowMs)
    );
  }

  /** Everything to be written down, in one transaction; the value is why it has left, or null. */
  async #turn(life: Life, lost: readonly number[]): Promise<WorkEnd | null> {
    const ask = this.#ask(life, lost);
    const turn = await takeTurn(this.#tools, ask);
    if (turn.kind === "given_up") {
      await this.#startOver();
      return null;
    }
    this.#jobs.forget(ask.ended);
    this.#executions.settle(ask);
    this.#take(turn, lost.length > 0);
    return turn.hasLeft ? (this.#departure.because ?? "idle") : null;
  }

  #ask(life: Life, lost: readonly number[]): TurnAsk {
    const nowMs = performance.now();
    const isLeaving = this.#departure.because !== null;
    const isTimeToGo = this.#isReadyToLeave(nowMs);
    if (isLeaving && isTimeToGo) this.#givenBack = [...this.#givenBack, ...this.#jobs.abandon()];
    return {
      ...this.#claimer(life),
      ended: this.#jobs.ended,
      words: this.#rhythm.isTimeForWords(nowMs) ? this.#jobs.takeWords() : [],
      givenBack: this.#givenBack,
      executionOf: (job) => this.#executions.of(job),
      recovered: this.#executions.recovered,
      lost,
      doesClaim: !isLeaving,
      leaving: isTimeToGo ? (isLeaving ? "yes" : "if_idle") : "no",
    };
  }

  #take(turn: Turn & { readonly kind: "done" }, hasGivenUp: boolean): void {
    const nowMs = performance.now();
    this.#givenBack = [];
    this.#outlook.canClaim = false;
    this.#nextDueAtMs =
      turn.nextDueInMs === null ? Number.POSITIVE_INFINITY : nowMs + turn.nextDueInMs;
    for (const bug of turn.bugs) this.#options.warn(bug);
    // What was at work in a flow run that broke is nobody's any more, and what a lost worker was at is to be taken over.
    if (hasGivenUp || turn.bugs.length > 0) this.#outlook.hear();
    for (const claimed of turn.jobs) {
      this.#executions.add(claimed);
      this.#jobs.start(claimed.job);
    }
    this.#rhythm.restart(this.#jobs.hasAny, nowMs);
    if (turn.isOver) this.#leave("flow_ended");
  }

  #hear(teller: string): void {
    if (this.#life !== null && teller === String(this.#life.number)) return;
    this.#outlook.hear();
    this.#watch.notice();
  }

  #recover(found: RecoveredExecution): void {
    this.#executions.recover(found);
    this.#watch.notice();
  }

  /** The others took it for dead: what it holds is theirs. */
  async #startOver(): Promise<void> {
    this.#options.warn(
      "this worker did not show signs of life for too long: what it was at begins again elsewhere",
    );
    this.#jobs.stopAll("lost");
    this.#jobs.abandon();
    this.#jobs.forget(this.#jobs.ended);
    this.#executions.clear();
    this.#givenBack = [];
    this.#outlook.hear();
    const life = this.#life;
    this.#life = null;
    this.#watch.notice();
    await this.#listener.hold(null);
    await life?.executions.close();
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
    const next = Math.min(
      this.#rhythm.nextAtMs(this.#isAnybodyAtWork(), this.#jobs.hasWords),
      this.#outlook.dueAtMs,
      this.#nextDueAtMs,
      this.#departure.byMs,
    );
    return Math.min(Math.max(0, Math.ceil(next - nowMs)), LONGEST_PAUSE_MS);
  }

  #isAnybodyAtWork(): boolean {
    return this.#jobs.hasAny || this.#outlook.othersWork;
  }

  #claimer({ number, name }: Life): Claimer {
    const { limits } = this.#options;
    const { agents } = this.#setup;
    return { worker: number, workerName: name, only: this.#only, limits, agents };
  }
}

const never = new AbortController().signal;
