import { setImmediate as othersFirst } from "node:timers/promises";
import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import { ChangeWatch } from "../../../follow/change-watch.ts";
import { thisProcess } from "../../../run/process-identity.ts";
import type { Evaluator } from "../../evaluator.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import { WorkerJobs } from "../../worker-jobs.ts";
import type { Execute, Job, JobTools, StepEnd } from "../../work.ts";
import type { WorkerPace } from "../worker-pace.ts";
import { Departure } from "../departure.ts";
import { FlowCopies } from "../flow-copies.ts";
import { Interval } from "../interval.ts";
import { WorkerRhythm } from "../worker-rhythm.ts";
import type { StoreTrouble } from "../store-trouble.ts";
import { attempt } from "./attempt.ts";
import type { Claimer } from "./claim.ts";
import type { Database, PostgresAddress } from "./database.ts";
import { openPool } from "./database.ts";
import type { Execution, RecoveredExecution } from "./execution.ts";
import { Executions } from "./executions.ts";
import { Listener } from "./listener.ts";
import { OtherWorkers } from "./other-workers.ts";
import { findFlow } from "./read-flow.ts";
import type { Dbos, Driver } from "./packages.ts";
import { migrations } from "./schema.ts";
import { survey } from "./survey.ts";
import { Takeover } from "./takeover.ts";
import { newerVersion } from "./trouble.ts";
import { registerWorker } from "./worker-rows.ts";
import type { Turn, TurnAsk } from "./worker-turn.ts";
import { takeTurn } from "./worker-turn.ts";

/** Where a worker works, and how patient it is. */
export interface WorkerSetup {
  readonly driver: Driver;
  readonly dbos: Dbos;
  readonly address: PostgresAddress;
  readonly evaluator: Evaluator;
  readonly pace: WorkerPace;
  /** The agents that it can hand work to; null: all. */
  readonly agents: ReadonlySet<string> | null;
}

/** Between two tries when there is trouble. */
const AGAIN_MS = 100;
const LONGEST_PAUSE_MS = 60_000;
/** Others may write many times a second. */
const SURVEY_MS = 10;
const DBOS_CONNECTIONS = 5;
const COPIES_BYTES = 16 * 1024 * 1024;

/** This process as a worker that the others count on. */
interface Life {
  readonly number: number;
  readonly executions: Executions;
}

/** Carries out steps until it has a reason to leave. */
export class Worker {
  readonly #database: Database;
  readonly #setup: WorkerSetup;
  readonly #options: WorkOptions;
  readonly #watch = new ChangeWatch({ leastMs: 0, mostMs: LONGEST_PAUSE_MS });
  readonly #listener: Listener;
  readonly #copies = new FlowCopies(COPIES_BYTES);
  readonly #jobs: WorkerJobs;
  readonly #executionOf = new Map<Job, Execution>();
  readonly #others: OtherWorkers;
  readonly #takeover: Takeover;
  readonly #rhythm: WorkerRhythm;
  readonly #departure: Departure;
  readonly #surveying: Interval;
  readonly #name: string;
  /** Null before the others know it, and after they have given it up. */
  #life: Life | null = null;
  #only: number | null = null;
  /** How often something has happened elsewhere, and how often that was when it was looked at. */
  #heard = 1;
  #seen = 0;
  #canClaim = true;
  #othersWork = false;
  #nextDueAtMs = Number.POSITIVE_INFINITY;
  #recovered: readonly RecoveredExecution[] = [];
  #givenBack: readonly Job[] = [];

  constructor(database: Database, setup: WorkerSetup, execute: Execute, options: WorkOptions) {
    const nowMs = performance.now();
    const { host, pid } = thisProcess();
    this.#database = database;
    this.#setup = setup;
    this.#options = options;
    this.#listener = new Listener(setup.driver, setup.address, (teller) => this.#hear(teller));
    this.#jobs = new WorkerJobs(
      (job, tools) => this.#carryOut(job, tools, execute),
      () => this.#watch.notice(),
    );
    this.#others = new OtherWorkers(nowMs);
    this.#takeover = new Takeover(database, (orphan) => this.#recover(orphan));
    this.#rhythm = new WorkerRhythm(setup.pace.beatMs, options.idleMs, nowMs);
    this.#departure = new Departure(setup.pace);
    this.#surveying = new Interval(SURVEY_MS, nowMs - SURVEY_MS);
    this.#name = `${host}:${pid}`;
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
    const lost = await this.#survey(this.#life);
    return lost !== null && this.#isTurnDue(lost) ? this.#turn(this.#life, lost) : null;
  }

  /** False when the only flow run that it is for is not there. */
  async #findOnly(): Promise<boolean> {
    const { only } = this.#options;
    if (only !== null) this.#only ??= await findFlow(this.#database, only);
    return only === null || this.#only !== null;
  }

  async #begin(): Promise<Life> {
    const executions = await this.#launch();
    const takesAny = this.#options.only === null;
    const number = await this.#database.write((transaction) =>
      registerWorker(transaction, executions.executor, takesAny),
    );
    await this.#listener.hold(number);
    return { number, executions };
  }

  #launch(): Promise<Executions> {
    const { driver, dbos, address } = this.#setup;
    const pool = openPool(driver, address, { max: DBOS_CONNECTIONS });
    return Executions.launch(this.#database, {
      dbos,
      pool,
      onRecovered: (found) => this.#recover(found),
    });
  }

  /** Looks at what others have done, if they have; the value names workers to be given up, null when this one is. */
  async #survey({ number, executions }: Life): Promise<readonly number[] | null> {
    const nowMs = performance.now();
    const isBeat = this.#rhythm.isTimeToBeat(this.#isAnybodyAtWork(), nowMs);
    const isBehind = this.#heard !== this.#seen && this.#surveying.isDue(nowMs);
    const isDue = isBehind || nowMs >= this.#takeover.dueAtMs;
    if (!isDue && !isBeat) return this.#others.takeDead(nowMs);
    this.#surveying.restart(nowMs);
    const heard = this.#heard;
    const found = await survey(this.#database, this.#claimer(number));
    this.#seen = heard;
    if (found.version > migrations.length) {
      this.#break(newerVersion(this.#setup.address.name, found.version, migrations.length));
      return null;
    }
    if (!found.isKnown) {
      await this.#startOver();
      return null;
    }
    this.#jobs.keepOnly(found.held);
    this.#canClaim = found.canClaim;
    this.#othersWork = found.othersWork;
    this.#takeover.begin(found.gone, executions, performance.now());
    if (found.isOver) this.#leave("flow_ended");
    return [...this.#others.see(found.others, isBeat), ...this.#others.takeDead(nowMs)];
  }

  #isTurnDue(lost: readonly number[]): boolean {
    const nowMs = performance.now();
    return (
      lost.length > 0 ||
      this.#recovered.length > 0 ||
      this.#jobs.ended.length > 0 ||
      (this.#canClaim && this.#departure.because === null) ||
      nowMs >= this.#nextDueAtMs ||
      this.#rhythm.isTimeToBeat(this.#isAnybodyAtWork(), nowMs) ||
      (this.#jobs.hasWords && this.#rhythm.isTimeForWords(nowMs)) ||
      this.#isReadyToLeave(nowMs)
    );
  }

  /** Everything to be written down, in one transaction; the value is why it has left, or null. */
  async #turn({ number, executions }: Life, lost: readonly number[]): Promise<WorkEnd | null> {
    const ask = this.#ask(number, lost);
    const tools = {
      database: this.#database,
      copies: this.#copies,
      evaluator: this.#setup.evaluator,
      random: Math.random(),
    };
    const turn = await takeTurn(tools, ask);
    if (turn.kind === "given_up") {
      await this.#startOver();
      return null;
    }
    this.#jobs.forget(ask.ended);
    for (const { execution } of ask.recovered) executions.settle(execution);
    for (const job of [...ask.ended.map((ended) => ended.job), ...ask.givenBack]) {
      executions.settle(this.#executionFor(job));
      this.#executionOf.delete(job);
    }
    this.#recovered = this.#recovered.filter((found) => !ask.recovered.includes(found));
    this.#take(turn, lost.length > 0);
    return turn.hasLeft ? (this.#departure.because ?? "idle") : null;
  }

  #ask(worker: number, lost: readonly number[]): TurnAsk {
    const nowMs = performance.now();
    const isLeaving = this.#departure.because !== null;
    const isTimeToGo = this.#isReadyToLeave(nowMs);
    if (isLeaving && isTimeToGo) this.#givenBack = [...this.#givenBack, ...this.#jobs.abandon()];
    return {
      ...this.#claimer(worker),
      ended: this.#jobs.ended,
      words: this.#rhythm.isTimeForWords(nowMs) ? this.#jobs.takeWords() : [],
      givenBack: this.#givenBack,
      executionOf: (job) => this.#executionFor(job),
      recovered: this.#recovered,
      lost,
      doesClaim: !isLeaving,
      leaving: isTimeToGo ? (isLeaving ? "yes" : "if_idle") : "no",
    };
  }

  #take(turn: Turn & { readonly kind: "done" }, hasGivenUp: boolean): void {
    const nowMs = performance.now();
    this.#givenBack = [];
    this.#canClaim = false;
    this.#nextDueAtMs =
      turn.nextDueInMs === null ? Number.POSITIVE_INFINITY : nowMs + turn.nextDueInMs;
    for (const bug of turn.bugs) this.#options.warn(bug);
    // What was at work in a flow run that broke is nobody's any more, and what a lost worker was at is to be taken over.
    if (hasGivenUp || turn.bugs.length > 0) this.#heard += 1;
    for (const { job, execution } of turn.jobs) {
      this.#executionOf.set(job, execution);
      this.#jobs.start(job);
    }
    this.#rhythm.restart(this.#jobs.hasAny, nowMs);
    if (turn.isOver) this.#leave("flow_ended");
  }

  #carryOut(job: Job, tools: JobTools, execute: Execute): Promise<StepEnd> {
    // Asking people for approval may be done twice, and thousands may wait for it.
    if (job.work.kind === "approve") return execute(job, tools);
    const { executions } = this.#life ?? {};
    if (executions === undefined) throw new Error("a job without a worker");
    return executions.run(this.#executionFor(job), () => execute(job, tools), tools.signal);
  }

  #executionFor(job: Job): Execution {
    const execution = this.#executionOf.get(job);
    if (execution === undefined) throw new Error(`${job.key} is not carried out here`);
    return execution;
  }

  #hear(teller: string): void {
    if (this.#life !== null && teller === String(this.#life.number)) return;
    this.#heard += 1;
    this.#watch.notice();
  }

  #recover(found: RecoveredExecution): void {
    this.#recovered = [...this.#recovered, found];
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
    this.#givenBack = [];
    this.#recovered = [];
    this.#executionOf.clear();
    this.#canClaim = true;
    this.#heard += 1;
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
      this.#heard !== this.#seen ? this.#surveying.dueAtMs : Number.POSITIVE_INFINITY,
      this.#takeover.dueAtMs,
      this.#nextDueAtMs,
      this.#departure.byMs,
    );
    return Math.min(Math.max(0, Math.ceil(next - nowMs)), LONGEST_PAUSE_MS);
  }

  #isAnybodyAtWork(): boolean {
    return this.#jobs.hasAny || this.#othersWork;
  }

  #claimer(worker: number): Claimer {
    const { limits } = this.#options;
    const { agents } = this.#setup;
    return { worker, workerName: this.#name, only: this.#only, limits, agents };
  }
}

const never = new AbortController().signal;
