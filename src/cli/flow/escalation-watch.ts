import type { RunTools } from "../../run/ports.ts";
import type { RunRequest } from "../../run/stored/request.ts";
import { plainLine } from "../../text/plain.ts";
import type { Shell } from "../shell.ts";
import { runToolsFor } from "../shell.ts";
import type { Flows } from "./open-flows.ts";
import { answerlessSteps } from "./resume-answered.ts";

/** Between two looks. */
const LOOK_MS = 1_000;

/** What a watch over open questions needs. */
export interface EscalationWatchPlan {
  readonly flows: Flows;
  readonly shell: Shell;
  /** Only in this flow run, or null for all. */
  readonly only: string | null;
  readonly say: (line: string) => void;
}

/** While a process is there that carries out steps, what their agents ask goes to the next in line when it is time. */
export class EscalationWatch {
  readonly #plan: EscalationWatchPlan;
  readonly #leaving = new AbortController();
  readonly #timer: NodeJS.Timeout | null;
  #tools: RunTools | null = null;
  #looking: Promise<void> | null = null;

  constructor(plan: EscalationWatchPlan) {
    this.#plan = plan;
    // Without anybody in line there is nothing to look for.
    const isWanted = (plan.flows.config.questions?.escalateTo.length ?? 0) > 0;
    this.#timer = isWanted ? setInterval(() => this.#look(), LOOK_MS) : null;
    this.#timer?.unref();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#leaving.abort();
    await this.#looking;
  }

  #look(): void {
    this.#looking ??= this.#raise().finally(() => {
      this.#looking = null;
    });
  }

  async #raise(): Promise<void> {
    const { flows, shell, say } = this.#plan;
    const { raiseEscalations } = await import("../../flows/steps/raise-escalations.ts");
    await raiseEscalations(
      (this.#tools ??= runToolsFor(shell, flows.config, [])),
      (run) => this.#isWaiting(run),
      (words) => say(plainLine(words)),
      this.#leaving.signal,
    );
  }

  /** Other runs are somebody else's. */
  async #isWaiting({ runId, workflowRunId }: RunRequest): Promise<boolean> {
    const { flows, only } = this.#plan;
    if (workflowRunId === null || (only !== null && only !== workflowRunId)) return false;
    const state = await flows.store.read(workflowRunId);
    return (
      state.ok &&
      state.value !== null &&
      answerlessSteps(state.value).some((step) => step.runId === runId)
    );
  }
}
