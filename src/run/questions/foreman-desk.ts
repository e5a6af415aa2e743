import { toIso } from "../../clock.ts";
import { runIdPattern } from "../../handoff/paths.ts";
import { foremanSchema, foremanTask, readVerdict } from "../../questions/foreman.ts";
import type { Verdict } from "../../questions/foreman.ts";
import type { Question } from "../../questions/question.ts";
import type { QuestionSettings } from "../../questions/routing.ts";
import type { Drive, DriveLoop } from "../drive.ts";
import type { Ask } from "../plan.ts";
import { createAnswer, createProposal, readProposal, readQuestion } from "./question-files.ts";
import type { QuestionState } from "../decide/state.ts";

/** Has the foreman answer a run's questions, and writes down what it says. */
export class ForemanDesk {
  readonly #plan: Drive;
  readonly #settings: QuestionSettings;
  readonly #loop: DriveLoop;
  /** The foreman at work, by question. */
  readonly #asked = new Map<string, AbortController>();

  constructor(plan: Drive, settings: QuestionSettings, loop: DriveLoop) {
    this.#plan = plan;
    this.#settings = settings;
    this.#loop = loop;
  }

  get isBusy(): boolean {
    return this.#asked.size > 0;
  }

  isAsked(questionId: string): boolean {
    return this.#asked.has(questionId);
  }

  /** Asks about a question, with a remark on what was proposed last, if any; tells when that is over. */
  ask(question: QuestionState, remark: string | null, onSaid: () => void): void {
    const asking = new AbortController();
    this.#asked.set(question.id, asking);
    this.#loop.effect(() => this.#askForeman(question, remark, asking.signal, onSaid));
  }

  /** Somebody else was faster. */
  stopAsking(questionId: string): void {
    this.#asked.get(questionId)?.abort();
  }

  close(): void {
    for (const asking of this.#asked.values()) asking.abort();
  }

  async #askForeman(
    { id, proposals }: QuestionState,
    remark: string | null,
    signal: AbortSignal,
    onSaid: () => void,
  ): Promise<void> {
    const { journal, askForeman } = this.#plan;
    const { foreman, confidence } = this.#settings;
    const question = readQuestion(journal.paths, id);
    if (question === null || foreman === null) {
      this.#asked.delete(id);
      this.#refer(id, foreman ?? "the foreman", "the question can't be read");
      return;
    }
    const proposal = readProposal(journal.paths, id)?.text ?? "";
    const discussion = remark === null ? null : { proposal, remark };
    const task = foremanTask({ question, task: journal.request.task, discussion });
    const ask = foremanAsk(foreman, task, question, proposals + 1, journal.request.runId);
    const outcome = await askForeman(ask, signal);
    this.#asked.delete(id);
    if (signal.aborted) return;
    const verdict = outcome.error === undefined ? readVerdict(question, outcome, confidence) : null;
    if (verdict === null)
      this.#refer(id, foreman, outcome.error?.message ?? "what it handed over is no answer");
    else if (verdict.isSure && remark === null) this.#answer(id, verdict.answer, foreman);
    else this.#propose(id, proposals + 1, verdict, foreman, remark);
    onSaid();
  }

  #refer(questionId: string, by: string, reason: string): void {
    this.#plan.tools.warn(`the foreman could not answer ${questionId}: ${reason}`);
    const happening = { type: "question_referred", questionId, by, reason } as const;
    this.#loop.report({ kind: "routed", happening });
  }

  #propose(
    id: string,
    number: number,
    { answer: text, reason, isSure }: Verdict,
    by: string,
    discussion: string | null,
  ): void {
    createProposal(this.#plan.journal.paths, {
      schema: "delegate.proposal.v1",
      questionId: id,
      number,
      text,
      reason,
      isSure,
      by,
      discussion,
      proposedAt: this.#now(),
    });
    const happening = { type: "question_proposed", questionId: id, proposal: text, by } as const;
    this.#loop.report({ kind: "routed", happening });
  }

  /** Answers in the foreman's name, or skips with an empty text; who was there first stays. */
  #answer(questionId: string, text: string, by: string): void {
    createAnswer(this.#plan.journal.paths, {
      schema: "delegate.answer.v1",
      questionId,
      kind: text === "" ? "skipped" : "answered",
      text,
      by,
      channel: "foreman",
      onProposalOf: null,
      answeredAt: this.#now(),
    });
  }

  #now(): string {
    return toIso(this.#plan.tools.clock.nowMs());
  }
}

/** The same question is asked under the same run id, so that a driver that comes later joins in. */
function foremanAsk(
  agent: string,
  task: string,
  question: Question,
  round: number,
  parentRunId: string,
): Ask {
  const runId = `${question.id}.f${round}`;
  return {
    agent,
    task,
    context: [],
    caller: null,
    parentRunId,
    runId: runIdPattern.test(runId) ? runId : null,
    workflowRunId: null,
    stepId: null,
    attempts: null,
    timeoutMs: null,
    deadlineMs: null,
    idleTimeoutMs: null,
    validation: "strict",
    dataSchema: foremanSchema(question),
    doesDeliver: false,
    checksHealth: true,
    isAppointed: true,
  };
}
