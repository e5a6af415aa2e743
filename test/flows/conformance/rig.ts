import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "../../../src/failure.ts";
import type { FlowEvent } from "../../../src/flows/event.ts";
import type { Flow } from "../../../src/flows/flow.ts";
import type { FlowState } from "../../../src/flows/flow-run.ts";
import type { JsonObject } from "../../../src/json/json.ts";
import type { Limits } from "../../../src/config/flow-limits.ts";
import type { EscalationRules } from "../../../src/questions/routing.ts";
import { defaultSettings } from "../../../src/questions/routing.ts";
import type { FlowSignal, SignalReply } from "../../../src/flows/signal.ts";
import type { WorkerPace } from "../../../src/flows/store/worker-pace.ts";
import type { FlowStore, WorkEnd, WorkOptions } from "../../../src/flows/store.ts";
import type { Task, TaskStatus } from "../../../src/flows/task.ts";
import type { Execute } from "../../../src/flows/work.ts";
import { isAsleep } from "../../rig/is-under-way.ts";
import { PATIENCE_MS } from "../../rig/patience.ts";
import { programPath } from "../../rig/program-path.ts";
import { until } from "../../rig/until.ts";
import { request } from "./flows.ts";
import { patientPace } from "./pace.ts";
import { carryOut, readJournal } from "./steered-steps.ts";
import type { JournalLine } from "./steered-steps.ts";
import type { StoreKind } from "./store-kind.ts";

/** What a worker process is told. */
export interface WorkerOrder {
  readonly kind: string;
  readonly place: string;
  readonly only: string | null;
  readonly limits: Limits;
  readonly escalation: EscalationRules;
  readonly idleMs: number | null;
  readonly pace: WorkerPace;
}

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** What it printed, when it has ended. */
  readonly end: Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/** So many that no limit is felt. */
export const noLimits: Limits = { steps: 1_000, agents: {}, groups: {} };

/** A write that takes longer waits for somebody who was stopped. */
const WRITE_MS = 3_000;

const workerScript = programPath(new URL("worker-process.ts", import.meta.url).pathname);

/** A new store in a folder of its own, and whoever works on it. */
export class StoreRig {
  readonly folder: string;
  readonly kind: StoreKind;
  readonly place: string;
  readonly pace: WorkerPace;
  readonly store: FlowStore;
  readonly #children = new Map<ChildProcess, Promise<unknown>>();
  readonly #workers: Promise<unknown>[] = [];
  readonly #leaving = new AbortController();

  private constructor(
    { folder, kind, place, pace }: Pick<StoreRig, "folder" | "kind" | "place" | "pace">,
    store: FlowStore,
  ) {
    this.folder = folder;
    this.kind = kind;
    this.place = place;
    this.pace = pace;
    this.store = store;
  }

  static async create(kind: StoreKind, pace: WorkerPace = patientPace): Promise<StoreRig> {
    const folder = mkdtempSync(join(tmpdir(), "delegate-flows-"));
    const place = await kind.newPlace(folder);
    const store = valueOf(await kind.open(place, pace));
    return new StoreRig({ folder, kind, place, pace }, store);
  }

  /** Makes a file that steps wait for. */
  touch(name: string): void {
    writeFileSync(join(this.folder, name), "");
  }

  get journal(): readonly JournalLine[] {
    return readJournal(this.folder);
  }

  async create(id: string, flow: Flow, inputs: JsonObject = {}): Promise<void> {
    const answer = valueOf(await this.store.create(request(id, flow, this.folder, inputs)));
    if (answer !== "created") throw new Error(`${id} was not created: ${answer}`);
  }

  /** Lets a worker of this process carry out steps until the test is over. */
  work(options: Partial<WorkOptions> = {}, execute: Execute = carryOut): Promise<Result<WorkEnd>> {
    const signal = this.#leaving.signal;
    const usual = { signal, only: null, limits: noLimits, idleMs: null, warn: () => undefined };
    const working = this.store.work(execute, { ...usual, ...options });
    this.#workers.push(working);
    return working;
  }

  /** Starts a worker as a process of its own. */
  startWorker(order: Partial<WorkerOrder> = {}): WorkerProcess {
    const { place, pace } = this;
    const usual = { kind: this.kind.name, place, pace, only: null, limits: noLimits };
    const escalation = defaultSettings;
    const whole: WorkerOrder = { ...usual, escalation, idleMs: null, ...order };
    const child = spawn(process.execPath, [workerScript, JSON.stringify(whole)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Its pipes are closed a moment before it is gone.
    const gone = once(child, "exit");
    this.#children.set(child, gone);
    const all = Promise.all([text(child.stdout), text(child.stderr), gone]);
    return { child, end: all.then(([stdout, stderr]) => ({ stdout, stderr })) };
  }

  /** Stops a worker that holds nothing for which others would have to wait, as one in the middle of a write does. */
  async suspend({ child }: WorkerProcess, id: string): Promise<void> {
    const nothing = { kind: "retry_from", key: "no such step" } as const;
    for (;;) {
      await isAsleep(child.pid);
      child.kill("SIGSTOP");
      const reply = this.store.signal(id, nothing);
      const isFree = await Promise.race([
        reply.then(({ ok }) => ok),
        sleep(WRITE_MS, false, { ref: false }),
      ]);
      if (isFree) return;
      child.kill("SIGCONT");
      await reply;
    }
  }

  async state(id: string): Promise<FlowState> {
    const state = valueOf(await this.store.read(id));
    if (state === null) throw new Error(`no flow run ${id}`);
    return state;
  }

  async task(id: string, key: string): Promise<Task> {
    const task = (await this.state(id)).tasks.get(key);
    if (task === undefined) throw new Error(`${id} has no ${key}`);
    return task;
  }

  async events(id: string): Promise<readonly FlowEvent[]> {
    return valueOf(await this.store.events(id, 0));
  }

  async signal(id: string, signal: FlowSignal): Promise<SignalReply> {
    const reply = valueOf(await this.store.signal(id, signal));
    if (reply === null) throw new Error(`no flow run ${id}`);
    return reply;
  }

  /** Waits until a flow run stands so; the value is its state then. */
  async until(
    id: string,
    what: string,
    condition: (state: FlowState) => boolean,
  ): Promise<FlowState> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const state = await this.state(id);
      if (condition(state)) return state;
      if (patience.aborted)
        throw new Error(`${id}: ${what} did not come about: ${JSON.stringify([...state.tasks])}`);
      await this.store.changed(patience);
    }
  }

  /** Waits until it has ended; the value is its state then. */
  untilEnded(id: string): Promise<FlowState> {
    return this.until(id, "the end", ({ end }) => end !== null);
  }

  /** Waits until a step stands so. */
  untilTask(id: string, key: string, status: TaskStatus): Promise<FlowState> {
    return this.until(id, `${key} ${status}`, ({ tasks }) => tasks.get(key)?.status === status);
  }

  /** Waits until a step has noted something in the journal, so many times. */
  async untilNoted(key: string, what: JournalLine["what"], times = 1): Promise<void> {
    await until(
      () => this.journal.filter((line) => line.key === key && line.what === what).length >= times,
      `${key} ${what}`,
    );
  }

  async dispose(): Promise<void> {
    this.#leaving.abort();
    for (const [child, gone] of this.#children) {
      child.kill("SIGKILL");
      child.kill("SIGCONT");
      await gone;
    }
    await Promise.all(this.#workers);
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a store answers with; a failure fails the test. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
