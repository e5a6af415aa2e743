import { answerCommand } from "../../questions/answer-command.ts";
import type { RunEvent, Sink } from "../../events/event.ts";
import { oneLine } from "../../text/one-line.ts";
import { plainLine } from "../../text/plain.ts";

const QUOTED_CHARACTERS = 500;

/**
 * Tells what a run asks while somebody waits for it. What ends the wait is told by the outcome instead.
 */
export class QuestionLines implements Sink {
  readonly #write: (text: string) => void;
  readonly #staysForAnswers: boolean;
  /** Runs that are left as soon as all that their handoff asks is opened; the foreman's come by here, too. */
  readonly #leaving = new Set<string>();

  constructor(staysForAnswers: boolean, write: (text: string) => void) {
    this.#staysForAnswers = staysForAnswers;
    this.#write = write;
  }

  /** Who only follows the run, or takes it up again, is told as well. */
  overhear(event: RunEvent): void {
    this.record(event);
  }

  record(event: RunEvent): void {
    const { runId } = event;
    if (event.type === "handoff_accepted" && !this.#staysForAnswers) this.#leaving.add(runId);
    if (event.type === "attempt_started") this.#leaving.delete(runId);
    if (event.type !== "question_opened" || this.#leaving.has(runId)) return;
    const { questionId, askedBy, text, options } = event;
    const choice = options.map((option, index) => ` (${index + 1}) ${option}`).join("");
    this.#write(`${askedBy} asks: ${plainLine(oneLine(`${text}${choice}`, QUOTED_CHARACTERS))}\n`);
    this.#write(`  to do: ${answerCommand({ id: questionId, options })}\n`);
  }
}
