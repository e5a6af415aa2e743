import type { Execute } from "../../flows/work.ts";
import type { Flows } from "./open-flows.ts";
import type { AnswerlessStep } from "./resume-answered.ts";
import { resumeAnswered } from "./resume-answered.ts";

/** Between two looks for answers. */
const LOOK_MS = 2_000;

/**
 * Notices when the agents of a worker's steps have got their answers, from wherever. Whoever answers with a command
 * tells the flow run at once; answers that come in other ways are found here.
 */
export class AnswerWatch {
  readonly #flows: Flows;
  readonly #waiting = new Map<string, readonly AnswerlessStep[]>();
  readonly #timer: NodeJS.Timeout;

  constructor(flows: Flows) {
    this.#flows = flows;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** The same carrying out of steps, which this one hears of. */
  over(execute: Execute): Execute {
    return async (job, tools) => {
      const end = await execute(job, tools);
      if (end.end === "waiting" && end.waiting.kind === "agent_questions") {
        const step = { key: job.key, runId: end.waiting.runId };
        const others = this.#waiting.get(job.flowRunId) ?? [];
        this.#waiting.set(job.flowRunId, [...others, step]);
      }
      return end;
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    for (const [flowRunId, steps] of this.#waiting) {
      const left = new Set(await resumeAnswered(flowRunId, steps, this.#flows));
      const now = this.#waiting.get(flowRunId) ?? [];
      const still = now.filter((step) => left.has(step) || !steps.includes(step));
      if (still.length === 0) this.#waiting.delete(flowRunId);
      else this.#waiting.set(flowRunId, still);
    }
  }
}
