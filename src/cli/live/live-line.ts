import type { RunEvent, Sink } from "../../events/event.ts";
import { RunReader } from "../../follow/run-reader.ts";
import { fitCells } from "../../text/width.ts";
import { plainLine } from "../../text/plain.ts";
import { openQuestionsOf } from "../../run/decide/state.ts";
import type { RunState } from "../../run/decide/state.ts";
import { describeWait } from "./describe-wait.ts";
import { QuestionLines } from "./question-lines.ts";

/** Where the live line is drawn. */
export interface LiveScreen {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly nowMs: () => number;
}

/** Which run is shown, and for how long. */
export interface LiveSubject {
  readonly handoffDir: string;
  /** Null for a run that is yet to get an id. */
  readonly runId: string | null;
  /** When this process leaves, whatever becomes of the run; null when it stays. */
  readonly leavesAtMs: () => number | null;
}

const INTERVAL_MS = 250;
const ERASE_LINE = "\r\u001B[2K";

/**
 * One line on a terminal while a run goes on: phase, attempt, elapsed, time left. Gone at the end; what is asked stays
 * above it. It reads the run's own events, so that it also tells of a run that another process drives, and of what was
 * before this one came.
 */
export class LiveLine implements Sink {
  readonly #screen: LiveScreen;
  readonly #subject: LiveSubject;
  readonly #timer: NodeJS.Timeout;
  readonly #questions: QuestionLines;
  #news: RunEvent[] = [];
  #runId: string | null;
  #reader: RunReader | null = null;

  constructor(screen: LiveScreen, subject: LiveSubject, staysForAnswers: boolean) {
    const writeAbove = (text: string): void => screen.write(`${ERASE_LINE}${text}`);
    this.#questions = new QuestionLines(staysForAnswers, writeAbove);
    this.#screen = screen;
    this.#subject = subject;
    this.#runId = subject.runId;
    this.#timer = setInterval(() => this.#tick(), INTERVAL_MS);
    this.#timer.unref();
    this.#tick();
  }

  /** Runs that this one has others do on its way, such as asking a foreman, have no line of their own. */
  record(event: RunEvent): void {
    this.#runId ??= event.runId;
    if (event.runId !== this.#runId) return;
    const state = this.#open()?.note(event);
    // Whoever hears of the end closes this line, unless there is still something to wait for.
    if (state !== undefined && state.phase !== "ended") this.#tick();
  }

  /** Removes the line. */
  close(): void {
    clearInterval(this.#timer);
    this.#reader?.close();
    this.#screen.write(ERASE_LINE);
  }

  #open(): RunReader | null {
    if (this.#runId === null) return null;
    const { handoffDir } = this.#subject;
    return (this.#reader ??= RunReader.open(handoffDir, this.#runId, this.#screen.nowMs, (event) =>
      this.#news.push(event),
    ));
  }

  #tick(): void {
    const reader = this.#open();
    if (reader === null) return;
    const state = reader.read();
    this.#tellQuestions(state);
    const line = describeWait({
      request: reader.request,
      state,
      work: reader.work,
      nowMs: this.#screen.nowMs(),
      leavesAtMs: this.#subject.leavesAtMs(),
    });
    const columns = Math.max(10, this.#screen.columns() - 1);
    this.#screen.write(`${ERASE_LINE}${fitCells(plainLine(line), columns)}`);
  }

  /** Those that were closed before this process came are nobody's to answer any more. */
  #tellQuestions(state: RunState): void {
    const open = new Set(openQuestionsOf(state).map(({ id }) => id));
    for (const event of this.#news.splice(0))
      if (event.type !== "question_opened" || open.has(event.questionId))
        this.#questions.record(event);
  }
}
