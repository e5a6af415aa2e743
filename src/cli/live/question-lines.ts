import type { RunEvent, Sink } from "../../events/event.ts";
import { oneLine } from "../../text/one-line.ts";
import { plainLine } from "../../text/plain.ts";

const QUOTED_CHARACTERS = 500;

/**
 * Tells what a run asks while somebody waits for it where nothing can be drawn. What ends the wait is told by the
 * outcome instead.
 */
export class QuestionLines implements Sink {
  readonly #write: (text: string) => void;
  readonly #staysForAnswers: boolean;
  #isOver = false;

  constructor(staysForAnswers: boolean, write: (text: string) => void) {
    this.#staysForAnswers = staysForAnswers;
    this.#write = write;
  }

  record(event: RunEvent): void {
    if (event.type === "handoff_accepted") this.#isOver = !this.#staysForAnswers;
    if (event.type !== "question_opened" || this.#isOver) return;
    const { questionId, askedBy, text, options } = event;
    const choice = options.map((option, index) => ` (${index + 1}) ${option}`).join("");
    const answer = options.length > 0 ? "--option <n>" : '"<answer>"';
    this.#write(`${askedBy} asks: ${plainLine(oneLine(`${text}${choice}`, QUOTED_CHARACTERS))}\n`);
    this.#write(`  to do: delegate answer ${questionId} ${answer}\n`);
  }
}
