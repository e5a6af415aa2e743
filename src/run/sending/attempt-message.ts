import { existsSync, readFileSync } from "node:fs";
import type { Agent, Config } from "../../config/config.ts";
import { messageFileName } from "../../handoff/paths.ts";
import { readHandoffAgain } from "../../handoff/read-again.ts";
import { messageFor } from "./addressing.ts";
import type { Journal } from "../stored/journal.ts";
import type { Dialogue } from "./prompt.ts";

/**
 * The message of an attempt, which is kept. One that is sent again must be sent word for word: gateways know it by its
 * key and its body. The first attempt's may have been written already.
 */
export function attemptMessage(
  journal: Journal,
  agent: Agent,
  config: Config,
  attempt: number,
  drafted: string | null,
): string {
  const name = messageFileName(attempt);
  const path = `${journal.paths.folder}/${name}`;
  const { state } = journal;
  if (state.phase !== "sending" || state.isSending) {
    if (existsSync(path)) return readFileSync(path, "utf8");
  }
  const message = drafted ?? writeMessage(journal, agent, config, attempt);
  journal.storeMessage(name, message);
  return message;
}

function writeMessage(journal: Journal, agent: Agent, config: Config, attempt: number): string {
  const { state } = journal;
  const lastBlocked = state.blockedAttempts.at(-1) ?? 0;
  const failure =
    state.lastFailure !== null && state.lastFailure.attempt > lastBlocked
      ? state.lastFailure
      : null;
  return messageFor(journal.request, agent, config, attempt, failure, dialogueOf(journal));
}

/** What was asked and answered in the run so far, and the work that the agent had done when it asked last. */
function dialogueOf(journal: Journal): Dialogue | null {
  const { state, paths, request } = journal;
  const answers = state.questions.flatMap(({ text, end }) =>
    end === null ? [] : [{ question: text, answer: end.text, by: end.by }],
  );
  const rounds = state.blockedAttempts.length;
  if (answers.length === 0 && rounds === 0) return null;
  const handoff =
    rounds === 0 ? null : (journal.handoff ?? readHandoffAgain(paths.handoff, request));
  const work = [handoff?.result ?? "", handoff?.notes ?? ""].filter((text) => text !== "");
  return { rounds, answers, work: work.join("\n\n") };
}
