import type { RunEvent, Sink } from "../events/event.ts";
import type { RunPaths } from "../handoff/paths.ts";
import type { RunState } from "./decide/state.ts";
import { openQuestionsOf } from "./decide/state.ts";
import { readAnswer } from "./questions/question-files.ts";

/** Tells the sinks that want it what happens in a run that this process does not drive, each event once. */
export class Onlooker {
  readonly #paths: RunPaths;
  readonly #sinks: readonly Sink[];
  #lastSeq = 0;

  constructor(paths: RunPaths, sinks: readonly Sink[]) {
    this.#paths = paths;
    this.#sinks = sinks;
  }

  /** All events so far, and where the run stands with them; questions that are closed by now are passed over. */
  see(events: readonly RunEvent[], state: RunState): void {
    const news = events.filter(({ seq }) => seq > this.#lastSeq);
    this.#lastSeq = news.at(-1)?.seq ?? this.#lastSeq;
    const open = new Set(openQuestionsOf(state).map(({ id }) => id));
    for (const event of news) {
      const isClosed =
        event.type === "question_opened" &&
        (!open.has(event.questionId) || readAnswer(this.#paths, event.questionId) !== null);
      if (!isClosed) for (const sink of this.#sinks) sink.overhear?.(event);
    }
  }
}
