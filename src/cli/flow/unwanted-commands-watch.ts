import { isSettled } from "../../flows/tree/node.ts";
import { endUnwantedCommands } from "../../flows/steps/unwanted-commands.ts";
import type { Job } from "../../flows/work.ts";
import { codeOf } from "../../thrown.ts";
import type { Flows } from "./open-flows.ts";

/** Between two looks. */
const LOOK_MS = 30_000;

/**
 * While a worker is there, no command goes on on its machine that a dead worker has left and that nobody wants any more:
 * its step was given up or skipped, or its flow run was canceled or removed, from wherever.
 */
export class UnwantedCommandsWatch {
  readonly #flows: Flows;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | null = null;

  constructor(flows: Flows) {
    this.#flows = flows;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
    this.#look();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  #look(): void {
    this.#looking ??= this.#endAll().finally(() => {
      this.#looking = null;
    });
  }

  async #endAll(): Promise<void> {
    try {
      await endUnwantedCommands(this.#flows.config.handoffDir, (step) => this.#isWanted(step));
    } catch (error) {
      // A disk that does not do its part for now must not take the worker down.
      if (codeOf(error) === null) throw error;
    }
  }

  async #isWanted({ flowRunId, key }: Pick<Job, "flowRunId" | "key">): Promise<boolean> {
    const read = await this.#flows.store.read(flowRunId);
    // Whoever can't know leaves it alone.
    if (!read.ok) return true;
    const task = read.value?.tasks.get(key);
    return task !== undefined && !isSettled(task);
  }
}
