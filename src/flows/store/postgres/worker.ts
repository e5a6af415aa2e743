import { defaultSettings } from "../../../questions/routing.ts";
import type { Result } from "../../../failure.ts";
import { ChangeWatch } from "../../../follow/change-watch.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import type { Execute } from "../../work.ts";
import { FlowCopies } from "../flow-copies.ts";
import type { Dealt, StoreDealing } from "../work-on.ts";
import { workOn } from "../work-on.ts";
import { WorkerDuty } from "../worker-duty.ts";
import { attempt } from "./attempt.ts";
import type { Life } from "./begin-life.ts";
import { beginLife } from "./begin-life.ts";
import type { PlacedClaimer } from "./claim.ts";
import type { Database } from "./database.ts";
import type { RecoveredExecution } from "./execution.ts";
import { JobExecutions } from "./job-executions.ts";
import { Listener } from "./listener.ts";
import { Outlook } from "./outlook.ts";
import { hasFolder } from "../../../system/has-folder.ts";
import { findFlow } from "./read-flow.ts";
import { migrations } from "./schema.ts";
import { newerVersion } from "./trouble.ts";
import type { WorkerSetup } from "./worker-setup.ts";
import type { Turn, TurnAsk, TurnTools } from "./worker-turn.ts";
import { takeTurn } from "./worker-turn.ts";

/** The listener tells of changes. */
const LONGEST_PAUSE_MS = 60_000;

/** Carries out steps until it has a reason to leave. */
export class Worker implements StoreDealing {
  readonly #database: Database;
  readonly #setup: WorkerSetup;
  readonly #options: WorkOptions;
  readonly #watch = new ChangeWatch({ leastMs: 0, mostMs: LONGEST_PAUSE_MS });
  readonly #listener: Listener;
  readonly #tools: TurnTools;
  readonly #executions: JobExecutions;
  readonly #outlook: Outlook;
  readonly #duty: WorkerDuty;
  /** Null before the others know it, and after they have given it up. */
  #life: Life | null = null;
  #only: number | null = null;
  /** Something may have been due before it came: the first turn says so. */
  #nextDueAtMs = 0;
  /** Whether a turn has begun whose end it has not heard of. */
  #mayHoldMore = false;
  readonly #bornAtMs = performance.now();

  constructor(database: Database, setup: WorkerSetup, execute: Execute, options: WorkOptions) {
    const nowMs = performance.now();
    const { evaluator, driver, address, pace } = setup;
    this.#database = database;
    this.#setup = setup;
    this.#options = options;
    this.#tools = { database, copies: new FlowCopies(), evaluator };
    this.#listener = new Listener(driver, address, (teller) => this.#hear(teller));
    this.#executions = new JobExecutions(execute);
    this.#outlook = new Outlook(database, (orphan) => this.#recover(orphan), nowMs);
    const carryOut: Execute = (job, tools) => this.#executions.carryOut(job, tools);
    const notice = (): void => this.#watch.notice();
    this.#duty = new WorkerDuty(pace, options, { execute: carryOut, notice }, nowMs);
  }

  async run(): Promise<Result<WorkEnd>> {
    await this.#listener.open();
    return workOn(this, this.#duty, this.#watch, this.#options.signal);
  }

  async close(): Promise<void> {
    this.#watch.close();
    await this.#life?.executions.close();
    await this.#listener.close();
    await this.#database.close();
  }

  deal(): Promise<Dealt> {
    return attempt(this.#setup.address.name, () => this.#deal());
  }

  get dueAtMs(): number {
    return Math.min(this.#outlook.dueAtMs, this.#nextDueAtMs);
  }

  get othersWork(): boolean {
    return this.#outlook.othersWork;
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
    const onRecovered = (found: RecoveredExecution): void => this.#recover(found);
    const life = await beginLife(this.#database, this.#setup, this.#options.only, onRecovered);
    await this.#listener.hold(life.number);
    this.#executions.begin(life.executions);
    return life;
  }

  /** Looks at what others have done, if they have; false when that ends what this worker is at. */
  async #survey(life: Life): Promise<boolean> {
    const nowMs = performance.now();
    const isBeat = this.#duty.isTimeToBeat(this.othersWork, nowMs);
    const found = await this.#outlook.refresh(this.#claimer(life), life.executions, isBeat, nowMs);
    if (found === null) return true;
    const { name } = this.#setup.address;
    if (found.version > migrations.length) {
      this.#duty.break(newerVersion(name, found.version, migrations.length), performance.now());
      return false;
    }
    if (found.isKnown) this.#duty.jobs.keepOnly(found.held);
    else await this.#startOver();
    if (found.isOver) this.#duty.leave("flow_ended", performance.now());
    return found.isKnown;
  }

  #isTurnDue(lost: readonly number[]): boolean {
    const nowMs = performance.now();
    return (
      lost.length > 0 ||
      this.#mayHoldMore ||
      this.#executions.recovered.length > 0 ||
      (this.#outlook.canClaim && !this.#duty.isLeaving) ||
      nowMs >= this.#nextDueAtMs ||
      this.#duty.isTurnDue(this.othersWork, nowMs)
    );
  }

  /** Everything to be written down, in one transaction; the value is why it has left, or null. */
  async #turn(life: Life, lost: readonly number[]): Promise<WorkEnd | null> {
    const ask: TurnAsk = {
      ...this.#claimer(life),
      ...this.#duty.wish(performance.now()),
      executionOf: (job) => this.#executions.of(job),
      recovered: this.#executions.recovered,
      lost,
      mayHoldMore: this.#mayHoldMore,
      isKnown: (execution) => this.#executions.has(execution),
    };
    this.#mayHoldMore = true;
    const turn = await takeTurn(this.#tools, ask);
    this.#mayHoldMore = false;
    if (turn.kind === "given_up") {
      await this.#startOver();
      return null;
    }
    this.#take(turn, ask);
    return turn.hasLeft ? this.#duty.end : null;
  }

  #take(turn: Turn & { readonly kind: "done" }, ask: TurnAsk): void {
    const { jobs, bugs, escalated, nextDueInMs } = turn;
    const nowMs = performance.now();
    this.#outlook.canClaim = false;
    this.#nextDueAtMs = nextDueInMs === null ? Number.POSITIVE_INFINITY : nowMs + nextDueInMs;
    // What was at work in a flow run that broke is nobody's any more, and what a lost worker was at is to be taken over.
    if (ask.lost.length > 0 || bugs.length > 0) this.#outlook.hear();
    this.#executions.settle(ask);
    for (const claimed of jobs) this.#executions.add(claimed);
    this.#duty.goOn(ask, { jobs: jobs.map(({ job }) => job), bugs, escalated }, nowMs);
    if (turn.isOver) this.#duty.leave("flow_ended", nowMs);
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

  /** The others took it for dead. */
  async #startOver(): Promise<void> {
    this.#duty.startOver();
    this.#executions.clear();
    this.#outlook.hear();
    const life = this.#life;
    this.#life = null;
    await this.#listener.hold(null);
    await life?.executions.close();
  }

  #claimer({ number, name }: Life): PlacedClaimer {
    const { limits } = this.#options;
    const escalation = this.#options.escalation?.rules ?? defaultSettings;
    const { agents } = this.#setup;
    const aliveMs = performance.now() - this.#bornAtMs;
    const only = this.#only;
    return {
      worker: number,
      workerName: name,
      only,
      limits,
      escalation,
      agents,
      hasFolder,
      aliveMs,
    };
  }
}
