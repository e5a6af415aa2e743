import type { Execute, Job, JobTools, StepEnd } from "../../work.ts";
import type { ClaimedJob } from "./claim.ts";
import type { Execution, RecoveredExecution } from "./execution.ts";
import { executionId } from "./execution.ts";
import type { Executions } from "./executions.ts";
import type { TurnAsk } from "./worker-turn.ts";

/** Which execution of its task each job of this process is, and what others had begun that is to be recorded here. */
export class JobExecutions {
  readonly #execute: Execute;
  readonly #executions = new Map<Job, Execution>();
  #durable: Executions | null = null;
  #recovered: readonly RecoveredExecution[] = [];

  constructor(execute: Execute) {
    this.#execute = execute;
  }

  /** From now on this is what keeps them. */
  begin(durable: Executions): void {
    this.#durable = durable;
  }

  /** All that was begun is somebody else's. */
  clear(): void {
    this.#executions.clear();
    this.#recovered = [];
  }

  /** What is to be recorded of workers that are gone. */
  get recovered(): readonly RecoveredExecution[] {
    return this.#recovered;
  }

  recover(found: RecoveredExecution): void {
    this.#recovered = [...this.#recovered, found];
  }

  add({ job, execution }: ClaimedJob): void {
    this.#executions.set(job, execution);
  }

  /** Whether it is a job of this process. */
  has(execution: Execution): boolean {
    const id = executionId(execution);
    return [...this.#executions.values()].some((own) => executionId(own) === id);
  }

  of(job: Job): Execution {
    const execution = this.#executions.get(job);
    if (execution === undefined) throw new Error(`${job.key} is not carried out here`);
    return execution;
  }

  /** Carries a job out. How it ends is kept by DBOS, unless it does no harm to do it twice. */
  carryOut(job: Job, tools: JobTools): Promise<StepEnd> {
    // Thousands may wait for an approval, and it may be asked for again.
    if (this.#durable === null || job.work.kind === "approve") return this.#execute(job, tools);
    return this.#durable.run(this.of(job), () => this.#execute(job, tools), tools.signal);
  }

  /** What was recorded stands in the flow runs now. */
  settle({ ended, givenBack, recovered }: TurnAsk): void {
    for (const { execution } of recovered) this.#durable?.settle(execution);
    this.#recovered = this.#recovered.filter((found) => !recovered.includes(found));
    for (const job of [...ended.map((over) => over.job), ...givenBack]) {
      this.#durable?.settle(this.of(job));
      this.#executions.delete(job);
    }
  }
}
