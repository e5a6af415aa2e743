import type { Execute, Job, JobStop, StepEnd } from "./work.ts";

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

interface RunningJob {
  readonly job: Job;
  readonly stopping: AbortController;
  stop: JobStop | null;
}

/** The jobs that this process carries out, until what became of each is recorded. */
export class WorkerJobs {
  readonly #execute: Execute;
  readonly #notice: () => void;
  readonly #running = new Map<string, RunningJob>();
  readonly #words = new Map<string, JobWords>();
  #ended: readonly EndedJob[] = [];

  /** `notice` is called when there is something to record. */
  constructor(execute: Execute, notice: () => void) {
    this.#execute = execute;
    this.#notice = notice;
  }

  /** Jobs that are neither over nor recorded. */
  get count(): number {
    return this.#running.size + this.#ended.length;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** What is over and not yet confirmed. */
  get ended(): readonly EndedJob[] {
    return this.#ended;
  }

  start(job: Job): void {
    const running: RunningJob = { job, stopping: new AbortController(), stop: null };
    this.#running.set(idOf(job), running);
    void this.#carryOut(running);
  }

  /** Tells a job to stop; only the first reason counts. */
  stop(flowRunId: string, key: string, why: JobStop): void {
    const running = this.#running.get(idOf({ flowRunId, key }));
    if (running !== undefined) tellToStop(running, why);
  }

  stopAll(why: JobStop): void {
    for (const running of this.#running.values()) tellToStop(running, why);
  }

  /** Tells all jobs to stop that are not among these. */
  stopAllBut(held: readonly Pick<Job, "flowRunId" | "key">[], why: JobStop): void {
    const ids = new Set(held.map(idOf));
    for (const [id, running] of this.#running) if (!ids.has(id)) tellToStop(running, why);
  }

  /** These are recorded, or nobody wants to know them any more. */
  forget(jobs: readonly EndedJob[]): void {
    this.#ended = this.#ended.filter((ended) => !jobs.includes(ended));
  }

  /** Nobody waits for the jobs that still run; what comes of them later is not recorded. */
  abandon(): readonly Job[] {
    const jobs = [...this.#running.values()].map(({ job }) => job);
    this.#running.clear();
    return jobs;
  }

  get hasWords(): boolean {
    return this.#words.size > 0;
  }

  /** The last words of each job since they were taken the last time. */
  takeWords(): readonly JobWords[] {
    const words = [...this.#words.values()];
    this.#words.clear();
    return words;
  }

  async #carryOut(running: RunningJob): Promise<void> {
    const { job, stopping } = running;
    const id = idOf(job);
    const end = await this.#endOf(job, {
      signal: stopping.signal,
      report: (words) => {
        if (this.#running.get(id) === running) this.#words.set(id, { job, words });
      },
    });
    if (this.#running.get(id) !== running) return;
    this.#running.delete(id);
    this.#ended = [...this.#ended, { job, end: endFor(running, end), stop: running.stop }];
    this.#notice();
  }

  /** A bug in one kind of step must not end all others. */
  async #endOf(job: Job, tools: Parameters<Execute>[1]): Promise<StepEnd> {
    try {
      return await this.#execute(job, tools);
    } catch (error) {
      return failedByBug(error);
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
  return {
    end: "failed",
    failure: {
      code: "canceled",
      message: "somebody canceled what the step was doing",
      hint: "delegate flow retry begins the step again",
    },
    output: {},
    usage: null,
    isRetryable: false,
  };
}

function failedByBug(error: unknown): StepEnd {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    end: "failed",
    failure: {
      code: "internal",
      message: `this is a bug in delegate: ${detail}`,
      hint: "please report it, with the flow file and the output of delegate --version",
    },
    output: {},
    usage: null,
    isRetryable: false,
  };
}

function idOf({ flowRunId, key }: Pick<Job, "flowRunId" | "key">): string {
  return `${flowRunId} ${key}`;
}
