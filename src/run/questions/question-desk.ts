import { toIso } from "../../clock.ts";
import type { Handoff } from "../../handoff/document.ts";
import type { Question } from "../../questions/question.ts";
import type { QuestionSettings } from "../../questions/routing.ts";
import { defaultSettings, routeQuestion } from "../../questions/routing.ts";
import { unreachable } from "../../unreachable.ts";
import { mayAsk } from "../decide/decide-question.ts";
import type { Drive, DriveLoop } from "../drive.ts";
import { openBlockedQuestions } from "./blocked-questions.ts";
import { ForemanDesk } from "./foreman-desk.ts";
import {
  createAnswer,
  hasQuestions,
  readAnswer,
  readDiscussion,
  readQuestions,
} from "./question-files.ts";
import type { QuestionState } from "../decide/state.ts";
import { openQuestionsOf } from "../decide/state.ts";

/** Looks after a run's questions for its driver: opens them, hears answers, sees to it that somebody is asked. */
export class QuestionDesk {
  readonly #plan: Drive;
  readonly #loop: DriveLoop;
  #foreman: ForemanDesk | null = null;

  constructor(plan: Drive, loop: DriveLoop) {
    this.#plan = plan;
    this.#loop = loop;
  }

  /** Opens the questions of a blocked handoff, unless the run may not ask. */
  openFor(attempt: number, handoff: Handoff): readonly Question[] {
    const { journal, tools } = this.#plan;
    if (tools.onQuestion === "refuse" || !mayAsk(journal.state, attempt)) return [];
    const { paths, request } = journal;
    const blocked = { paths, attempt, agent: request.agent, handoff };
    return openBlockedQuestions(blocked, tools.clock.nowMs());
  }

  /** Hears what other processes have left in the run's folder. */
  readMail(): void {
    const { journal } = this.#plan;
    const { questions } = journal.state;
    if (questions.length === 0 && !hasQuestions(journal.paths)) return;
    const known = new Set(questions.map(({ id }) => id));
    for (const question of readQuestions(journal.paths))
      if (!known.has(question.id)) this.#loop.report({ kind: "question", question });
    for (const { id } of openQuestionsOf(journal.state)) {
      const answer = readAnswer(journal.paths, id);
      if (answer === null) continue;
      this.#foreman?.stopAsking(id);
      this.#loop.report({ kind: "answer", answer });
    }
  }

  /** Sees to it that every open question is with somebody. */
  attend(): void {
    for (const question of openQuestionsOf(this.#plan.journal.state)) this.#route(question);
  }

  /** Whether the foreman is being asked. */
  get isForemanBusy(): boolean {
    return this.#foreman?.isBusy === true;
  }

  close(): void {
    this.#foreman?.close();
  }

  #route(question: QuestionState): void {
    const { journal, tools } = this.#plan;
    const { id, askedAtMs, proposals, isReferred, escalations } = question;
    if (this.#foreman?.isAsked(id) === true) return;
    const isForemanOut = isReferred || this.#settings.foreman === journal.request.agent;
    const discussion = this.#discussionOf(question);
    const progress = { askedAtMs, proposals, isForemanOut, discussion, escalations };
    const route = routeQuestion(progress, this.#settings, tools.clock.nowMs());
    switch (route.kind) {
      case "ask_foreman":
        this.#askForeman(question, route.discussion);
        break;
      case "escalate": {
        const happening = { type: "question_escalated", questionId: id, to: route.to } as const;
        this.#loop.report({ kind: "routed", happening });
        break;
      }
      case "give_up":
        this.#skip(id);
        this.readMail();
        break;
      case "wait":
        break;
      default:
        unreachable(route);
    }
  }

  get #settings(): QuestionSettings {
    return this.#plan.tools.config.questions ?? defaultSettings;
  }

  #discussionOf({ id, proposals }: QuestionState): string | null {
    if (proposals === 0) return null;
    return readDiscussion(this.#plan.journal.paths, id, proposals)?.text ?? null;
  }

  #askForeman(question: QuestionState, remark: string | null): void {
    this.#foreman ??= new ForemanDesk(this.#plan, this.#settings, this.#loop);
    this.#foreman.ask(question, remark, () => {
      this.readMail();
      this.#loop.report({ kind: "time" });
    });
  }

  #skip(questionId: string): void {
    const { journal, tools } = this.#plan;
    createAnswer(journal.paths, {
      schema: "delegate.answer.v1",
      questionId,
      kind: "skipped",
      text: "",
      by: "nobody",
      channel: "foreman",
      onProposalOf: null,
      answeredAt: toIso(tools.clock.nowMs()),
    });
  }
}
