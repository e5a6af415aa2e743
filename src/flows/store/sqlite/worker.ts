import { statSync } from "node:fs";
import type { Result } from "../../../failure.ts";
import { defaultSettings } from "../../../questions/routing.ts";
import { ChangeWatch } from "../../../follow/change-watch.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import type { Execute } from "../../work.ts";
import { FlowCopies } from "../flow-copies.ts";
import type { SeenBeats } from "../missed-beats.ts";
import type { Dealt, StoreDealing } from "../work-on.ts";
import { workOn } from "../work-on.ts";
import type { TurnWish } from "../worker-duty.ts";
import { WorkerDuty } from "../worker-duty.ts";
import { ownName } from "../worker-life.ts";
import { attempt } from "./attempt.ts";
import { bellOf } from "./bell.ts";
import type { Claimer } from "../take-task.ts";
import type { Database } from "./database.ts";
import { findFlow } from "./read-flow.ts";
import { migrations } from "./schema.ts";
import { StoreView } from "./store-view.ts";
import { isOver } from "./survey.ts";
import { fileGone, newerVersion } from "./trouble.ts";
import { registerWorker } from "./worker-rows.ts";
import type { WorkerSetup } from "./worker-setup.ts";
import type { Turn } from "./worker-turn.ts";
import { takeTurn } from "./worker-turn.ts";

/** Carries out steps until it has a reason to leave. */
export class Worker implements StoreDealing {
  readonly #database: Database;
  readonly #setup: WorkerSetup;
  readonly #options: WorkOptions;
  readonly #watch = new ChangeWatch({ leastMs: 0, mostMs: 1_000 });
  readonly #copies = new FlowCopies();
  readonly #view: StoreView;
  readonly #duty: WorkerDuty;
  readonly #inode: number;
  readonly #name = ownName();
  /** Its number among the workers; null before it has one, and after the others have given it up. */
  #number: number | null = null;
  #only: number | null = null;
  #seen: SeenBeats = new Map();

  constructor(database: Database, setup: WorkerSetup, execute: Execute, options: WorkOptions) {
    const nowMs = performance.now();
    this.#database = database;
    this.#setup = setup;
    this.#options = options;
    this.#view = new StoreView(nowMs);
    const notice = (): void => this.#watch.notice();
    this.#duty = new WorkerDuty(setup.pace, options, { execute, notice }, nowMs);
    this.#inode = inodeOf(setup.path);
    this.#watch.add(bellOf(setup.path));
  }

  run(): Promise<Result<WorkEnd>> {
    return workOn(this, this.#duty, this.#watch, this.#options.signal);
  }

  close(): void {
    this.#watch.close();
    this.#database.close();
  }

  deal(): Dealt {
    return attempt(this.#setup.path, () => this.#deal());
  }

  get dueAtMs(): number {
    const { isBehind, dueAtMs, nextDueAtMs } = this.#view;
    return Math.min(
      isBehind ? dueAtMs : Number.POSITIVE_INFINITY,
      nextDueAtMs === null
        ? Number.POSITIVE_INFINITY
        : performance.now() + nextDueAtMs - Date.now(),
    );
  }

  get othersWork(): boolean {
    return this.#view.othersWork;
  }

  #deal(): WorkEnd | null {
    const { path } = this.#setup;
    if (inodeOf(path) !== this.#inode) {
      this.#duty.break(fileGone(path), performance.now());
      return null;
    }
    if (!this.#findOnly()) return "flow_ended";
    const worker = this.#register();
    if (!this.#survey(worker)) return null;
    const dead = this.#view.takeDead(performance.now());
    const end = this.#isTurnDue(dead) ? this.#turn(worker, dead) : null;
    if (this.#only !== null && isOver(this.#database, this.#only))
      this.#duty.leave("flow_ended", performance.now());
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
      registerWorker(this.#database, this.#options.only, Date.now()),
    );
    return this.#number;
  }

  /** Looks at what others have written; false when that ends what this worker is at. */
  #survey(worker: number): boolean {
    const nowMs = performance.now();
    const found = this.#view.refresh(this.#database, this.#claimer(worker), nowMs, Date.now());
    if (found === null) return true;
    if (found.version > migrations.length) {
      this.#duty.break(newerVersion(this.#setup.path, found.version, migrations.length), nowMs);
      return false;
    }
    if (found.isKnown) this.#duty.jobs.keepOnly(found.held);
    else this.#startOver();
    return found.isKnown;
  }

  #isTurnDue(dead: readonly number[]): boolean {
    const { canClaim, nextDueAtMs, othersWork } = this.#view;
    return (
      dead.length > 0 ||
      (canClaim && !this.#duty.isLeaving) ||
      (nextDueAtMs !== null && Date.now() >= nextDueAtMs) ||
      this.#duty.isTurnDue(othersWork, performance.now())
    );
  }

  /** Everything to be written down, in one transaction; the value is why it has left, or null. */
  #turn(worker: number, lost: readonly number[]): WorkEnd | null {
    const nowMs = performance.now();
    const wish = this.#duty.wish(nowMs);
    const seen = this.#duty.rhythm.isTimeToWatchOthers(nowMs) ? this.#seen : null;
    const tools = {
      database: this.#database,
      copies: this.#copies,
      evaluator: this.#setup.evaluator,
      nowMs: Date.now(),
      random: Math.random(),
    };
    const turn = takeTurn(tools, { ...this.#claimer(worker), ...wish, lost, seen });
    if (turn.kind === "given_up") {
      this.#startOver();
      return null;
    }
    this.#take(turn, wish, nowMs);
    return turn.hasLeft ? this.#duty.end : null;
  }

  #take(turn: Turn & { readonly kind: "done" }, wish: TurnWish, nowMs: number): void {
    this.#view.canClaim = false;
    this.#view.nextDueAtMs = turn.nextDueAtMs;
    this.#seen = turn.seen ?? this.#seen;
    // What such a flow run had under way is nobody's any more.
    if (turn.bugs.length > 0) this.#view.forget();
    this.#duty.goOn(wish, turn, nowMs);
  }

  /** The others took it for dead. */
  #startOver(): void {
    this.#duty.startOver();
    this.#seen = new Map();
    this.#number = null;
    this.#view.canClaim = true;
  }

  #claimer(worker: number): Claimer {
    const { limits } = this.#options;
    const escalation = this.#options.escalation?.rules ?? defaultSettings;
    return { worker, workerName: this.#name, only: this.#only, limits, escalation };
  }
}

function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
