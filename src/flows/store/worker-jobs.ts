import { bugFailure } from "../step-failure.ts";
import type { StepFailure, TaskKey } from "../task.ts";
import type { Execute, Job, JobStop, StepEnd } from "../work.ts";

/** A job whose execution is over. */
export interface EndedJob {
  readonly job: Job;
  readonly end: StepEnd;
  /** Why it was told to stop, or null. */
  readonly stop: JobStop | null;
}

/** What a job says about how far it is. */
export interface JobWords {
  readonly job: Job;
  readonly words: string;
}

/** A task that a worker holds, as its store knows it. */
export interface HeldTask {
  readonly flowRunId: string;
  readonly key: TaskKey;
  /** Somebody wants its flow run to end. */
  readonly isCanceled: boolean;
}

interface RunningJob {
  readonly job: Job;
  readonly stopping: AbortController;
  stop: JobStop | null;
  /** Nobody wants to know how it ends. */
  isAbandoned: boolean;
}

/** The jobs that this process carries out, until what became of each is recorded. */
export class WorkerJobs {
  readonly #execute: Execute;
  readonly #notice: () => void;
  readonly #running = new Set<RunningJob>();
  readonly #words = new Map<RunningJob, string>();
  #ended: readonly EndedJob[] = [];

  /** `notice` is called when there is something to record. */
  constructor(execute: Execute, notice: () => void) {
    this.#execute = execute;
    this.#notice = notice;
  }

  /** Whether there is anything yet to be recorded. */
  get hasAny(): boolean {
    return this.#ended.length > 0 || this.#held().length > 0;
  }

  /** Whether anything is still carried out, wanted or not. */
  get areRunning(): boolean {
    return this.#running.size > 0;
  }

  /** What is over and not yet recorded. */
  get ended(): readonly EndedJob[] {
    return this.#ended;
  }

  get hasWords(): boolean {
    return this.#words.size > 0;
  }

  start(job: Job): void {
    const stopping = new AbortController();
    const running: RunningJob = { job, stopping, stop: null, isAbandoned: false };
    this.#running.add(running);
    void this.#carryOut(running);
  }

  /** Tells all jobs to stop; only the first reason counts. */
  stopAll(why: JobStop): void {
    for (const running of this.#held()) tellToStop(running, why);
  }

  /** Tells those to stop that are canceled, or that the worker does not hold any more. */
  keepOnly(tasks: readonly HeldTask[]): void {
    const isCanceled = new Map(tasks.map((task) => [idOf(task), task.isCanceled]));
    for (const running of this.#held()) {
      const canceled = isCanceled.get(idOf(running.job));
      if (canceled === undefined) tellToStop(running, "lost");
      else if (canceled) tellToStop(running, "canceled");
    }
  }

  /** These are recorded. */
  forget(jobs: readonly EndedJob[]): void {
    this.#ended = this.#ended.filter((ended) => !jobs.includes(ended));
  }

  /** What comes of the jobs that still run is not recorded; the value is these jobs. */
  abandon(): readonly Job[] {
    return this.#held().map((running) => {
      running.isAbandoned = true;
      this.#words.delete(running);
      return running.job;
    });
  }

  /** The last words of each job since they were taken the last time. */
  takeWords(): readonly JobWords[] {
    const words = [...this.#words].map(([{ job }, said]) => ({ job, words: said }));
    this.#words.clear();
    return words;
  }

  #held(): readonly RunningJob[] {
    return [...this.#running].filter(({ isAbandoned }) => !isAbandoned);
  }

  async #carryOut(running: RunningJob): Promise<void> {
    const { job, stopping } = running;
    const end = await this.#endOf(job, {
      signal: stopping.signal,
      report: (words) => this.#hear(running, words),
    });
    this.#running.delete(running);
    this.#words.delete(running);
    if (!running.isAbandoned)
      this.#ended = [...this.#ended, { job, end: endFor(running, end), stop: running.stop }];
    this.#notice();
  }

  #hear(running: RunningJob, words: string): void {
    if (!running.isAbandoned && this.#running.has(running)) this.#words.set(running, words);
  }

  /** A bug in one kind of step must not end all others. */
  async #endOf(job: Job, tools: Parameters<Execute>[1]): Promise<StepEnd> {
    try {
      return await this.#execute(job, tools);
    } catch (error) {
      return failedBy(bugFailure(error));
    }
  }
}

function tellToStop(running: RunningJob, why: JobStop): void {
  running.stop ??= why;
  running.stopping.abort(running.stop);
}

/** One that ends as canceled though nobody here wanted that must not begin again at once, and again. */
function endFor({ stop }: RunningJob, end: StepEnd): StepEnd {
  if (end.end !== "canceled" || stop !== null) return end;
  return failedBy({
    code: "canceled",
    message: "somebody canceled what the step was doing",
    hint: "delegate flow retry begins the step again",
  });
}

function failedBy(failure: StepFailure): StepEnd {
  return { end: "failed", failure, output: {}, usage: null, isRetryable: false };
}

function idOf({ flowRunId, key }: Pick<Job, "flowRunId" | "key">): string {
  return `${flowRunId} ${key}`;
}
