import { toIso } from "../clock.ts";
import type { Handoff } from "../handoff/document.ts";
import { runIdPattern } from "../handoff/paths.ts";
import { foremanSchema, foremanTask, readVerdict } from "../questions/foreman.ts";
import type { Verdict } from "../questions/foreman.ts";
import type { Question } from "../questions/question.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import { defaultSettings, routeQuestion } from "../questions/routing.ts";
import { unreachable } from "../unreachable.ts";
import type { Fact } from "./decide.ts";
import { mayAsk } from "./decide-question.ts";
import type { Journal } from "./journal.ts";
import type { Outcome } from "./outcome.ts";
import type { Ask } from "./plan.ts";
import type { RunTools } from "./ports.ts";
import {
  createAnswer,
  createProposal,
  createQuestion,
  readAnswer,
  readDiscussion,
  readProposal,
  readQuestion,
  readQuestions,
} from "./question-files.ts";
import type { QuestionState } from "./state.ts";
import { openQuestionsOf } from "./state.ts";

/** Has another agent do something, within the run. */
export type Helper = (ask: Ask, signal: AbortSignal) => Promise<Outcome>;

/** What a desk needs. */
export interface DeskPlan {
  readonly journal: Journal;
  readonly tools: RunTools;
  readonly askForeman: Helper;
  readonly report: (fact: Fact) => void;
  /** Runs what goes on beside the driver; what it throws is a bug. */
  readonly effect: (action: () => Promise<void>) => void;
}

const MOST_CHARACTERS = 10_000;

/** Looks after a run's questions for its driver: opens them, hears answers, asks the foreman. */
export class QuestionDesk {
  readonly #plan: DeskPlan;
  readonly #settings: QuestionSettings;
  /** The foreman at work, by question. */
  readonly #asked = new Map<string, AbortController>();

  constructor(plan: DeskPlan) {
    this.#plan = plan;
    this.#settings = plan.tools.config.questions ?? defaultSettings;
  }

  /** Opens the questions of a blocked handoff, unless the run may not ask. */
  openFor(attempt: number, handoff: Handoff): readonly Question[] {
    const { journal, tools } = this.#plan;
    if (tools.onQuestion === "refuse" || !mayAsk(journal.state, attempt)) return [];
    // Opened before by a driver that died before it could say so.
    const before = readQuestions(journal.paths).filter((question) => question.attempt === attempt);
    return (handoff.questions ?? []).flatMap(({ text, options = [], freeText = true }) => {
      const kept = text.trim().slice(0, MOST_CHARACTERS);
      const choices = [...new Set(options.map((option) => option.trim()))].filter(Boolean);
      const same = before.find((question) => question.text === kept);
      const question = {
        attempt,
        text: kept,
        options: choices,
        allowsFreeText: freeText || choices.length === 0,
        askedBy: journal.request.agent,
        askedAt: this.#now(),
      };
      return same ?? createQuestion(journal.paths, question) ?? [];
    });
  }

  /** Hears what other processes have left in the run's folder. */
  readMail(): void {
    const { journal, report } = this.#plan;
    const known = new Set(journal.state.questions.map(({ id }) => id));
    for (const question of readQuestions(journal.paths))
      if (!known.has(question.id)) report({ kind: "question", question });
    for (const { id } of openQuestionsOf(journal.state)) {
      const answer = readAnswer(journal.paths, id);
      if (answer === null) continue;
      this.#asked.get(id)?.abort();
      report({ kind: "answer", answer });
    }
  }

  /** Sees to it that every open question is with somebody. */
  attend(): void {
    for (const question of openQuestionsOf(this.#plan.journal.state)) this.#route(question);
  }

  /** Whether the foreman is being asked. */
  get isForemanBusy(): boolean {
    return this.#asked.size > 0;
  }

  close(): void {
    for (const asking of this.#asked.values()) asking.abort();
  }

  #route(question: QuestionState): void {
    const { journal, tools, report, effect } = this.#plan;
    const { id, askedAtMs, proposals, isReferred, escalations } = question;
    if (this.#asked.has(id)) return;
    const isForemanOut = isReferred || this.#settings.foreman === journal.request.agent;
    const discussion = this.#discussionOf(question);
    const progress = { askedAtMs, proposals, isForemanOut, discussion, escalations };
    const route = routeQuestion(progress, this.#settings, tools.clock.nowMs());
    switch (route.kind) {
      case "ask_foreman": {
        const asking = new AbortController();
        this.#asked.set(id, asking);
        effect(() => this.#askForeman(question, route.discussion, asking.signal));
        break;
      }
      case "escalate": {
        const { to } = route;
        report({ kind: "routed", happening: { type: "question_escalated", questionId: id, to } });
        break;
      }
      case "give_up":
        this.#close(id, "", "nobody");
        this.readMail();
        break;
      case "wait":
        break;
      default:
        unreachable(route);
    }
  }

  #discussionOf({ id, proposals }: QuestionState): string | null {
    if (proposals === 0) return null;
    return readDiscussion(this.#plan.journal.paths, id, proposals)?.text ?? null;
  }

  async #askForeman(
    { id, proposals }: QuestionState,
    remark: string | null,
    signal: AbortSignal,
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
    else if (verdict.isSure && remark === null) this.#close(id, verdict.answer, foreman);
    else this.#propose(id, proposals + 1, verdict, foreman, remark);
    this.readMail();
    this.#plan.report({ kind: "time" });
  }

  #refer(questionId: string, by: string, reason: string): void {
    this.#plan.tools.warn(`the foreman could not answer ${questionId}: ${reason}`);
    const happening = { type: "question_referred", questionId, by, reason } as const;
    this.#plan.report({ kind: "routed", happening });
  }

  #propose(
    id: string,
    number: number,
    { answer: text, reason, isSure }: Verdict,
    by: string,
    discussion: string | null,
  ): void {
    const proposedAt = this.#now();
    createProposal(this.#plan.journal.paths, {
      schema: "delegate.proposal.v1",
      questionId: id,
      number,
      text,
      reason,
      isSure,
      by,
      discussion,
      proposedAt,
    });
    const happening = { type: "question_proposed", questionId: id, proposal: text, by } as const;
    this.#plan.report({ kind: "routed", happening });
  }

  /** Answers in the foreman's name, or skips with an empty text; who was there first stays. */
  #close(questionId: string, text: string, by: string): void {
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
