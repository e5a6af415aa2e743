import type { FlowEvent } from "../../flows/event.ts";
import type { FlowOutcome } from "../../flows/outcome.ts";
import type { FlowRequest, FlowState } from "../../flows/flow-run.ts";
import { askedUnder } from "../asked-question.ts";
import type { Asked, AskableQuestion } from "../asked-question.ts";
import type { Post } from "../post.ts";
import type { QuestionEnd } from "../question-end.ts";
import { Report } from "../report.ts";
import type { ReportSubject, ReportTools } from "../report-tools.ts";
import type { StatusView } from "../status-view.ts";
import { flowOutcomeText } from "./flow-outcome-text.ts";
import type { FlowProgress } from "./flow-progress.ts";
import { applyToProgress, newFlowProgress, wantsPeople } from "./flow-progress.ts";
import { flowPicture, flowStatusText, isTicking } from "./flow-status-text.ts";
import { StepLedger } from "./step-ledger.ts";
import { questionOfWanted, wantedAtWork, wantedIn, withHistory } from "./wanted-steps.ts";
import type { QuestionHistory, Wanted } from "./wanted-steps.ts";
import { endOfWish } from "./wish-end.ts";

/** What the report of one flow run needs. */
export interface FlowReportTools extends Omit<ReportTools, "lookUp"> {
  readonly configPath: string;
  /** Whether people are asked what agents ask. */
  readonly doesAskPeople: boolean;
  readonly newKey: () => string;
  /** What is known of an agent's question by its id; null also when it is on another machine. */
  readonly questionOf: (questionId: string) => AskableQuestion | null;
  readonly historyOf: (questionId: string) => QuestionHistory;
  /** Whether any agent asks anything, in whatever run. */
  readonly isAnythingAsked: () => boolean;
  /** What the agents of these runs ask people. */
  readonly questionsForPeople: (runIds: ReadonlySet<string>) => readonly string[];
  /** How an agent's question was closed, or null. */
  readonly answerOf: (questionId: string) => QuestionEnd | null;
  /** What the flow run came to, or null when that can't be had. */
  readonly outcomeOf: (progress: FlowProgress) => Promise<FlowOutcome | null>;
}

/** Tells of one flow run: what is seen of it comes in, its messages are kept as they should be. */
export class FlowReport implements ReportSubject {
  readonly ledger: StepLedger;
  readonly #tools: FlowReportTools;
  readonly #report: Report;
  #progress: FlowProgress;
  #wantsPeople = true;
  #state: FlowState | null = null;
  /** What was seen last of a flow run in which people are wanted. */
  #seen: FlowState | null = null;
  #wanted: readonly Wanted[] = [];
  #status: StatusView | null = null;

  constructor(request: FlowRequest, tools: FlowReportTools) {
    this.#tools = tools;
    this.#progress = newFlowProgress(request);
    this.ledger = new StepLedger({ places: tools.settings, newKey: tools.newKey });
    const lookUp = (id: string, key: string): Asked | null => this.#lookUp(id, key);
    this.#report = new Report(this, { ...tools, lookUp });
  }

  get name(): string {
    return `flow run ${this.#progress.request.flowRunId}`;
  }

  get lastSeq(): number {
    return this.#progress.view.lastSeq;
  }

  get hasEnded(): boolean {
    return this.#progress.view.end !== null;
  }

  /** Whether the end has come, and has been told or never will be. */
  get isToldToItsEnd(): boolean {
    const { toldSeq, isGivenUp } = this.#report;
    return this.hasEnded && (isGivenUp || toldSeq >= this.#progress.endedSeq);
  }

  get hasNews(): boolean {
    return this.#state !== null;
  }

  get status(): StatusView | null {
    return this.#status;
  }

  /** Takes in what has happened; the value is whether the state has to be looked at as well. */
  see(events: readonly FlowEvent[]): boolean {
    const before = this.#wantsPeople;
    this.#progress = applyToProgress(this.#progress, events);
    this.#wantsPeople = wantsPeople(this.#progress);
    this.#show();
    return before || this.#wantsPeople || this.#doAgentsAsk(events);
  }

  /** Takes in for what people are wanted; it is no older than the events that were seen before. */
  seeState(state: FlowState): void {
    this.#state = state;
    this.#seen = state;
    this.#report.wake();
  }

  /** Looks what has become of the questions of agents: that is no event of the flow run. */
  seeQuestions(): void {
    if (!this.#wanted.some(isAgentQuestion)) return;
    if (idsOf(this.#wantedNow(this.#seen)) === idsOf(this.#wanted)) return;
    this.#state = this.#seen;
    this.#report.wake();
  }

  /** Says whether a process is there that carries it on. */
  seeCarrier(isCarriedOn: boolean): void {
    if (this.#progress.isCarriedOn === isCarriedOn) return;
    this.#progress = { ...this.#progress, isCarriedOn };
    this.#show();
  }

  /** Lets what is not told yet be told, at most so long; the rest is told by another process, if it is handed over. */
  close(timeoutMs: number, isHandedOver: boolean): Promise<void> {
    return this.#report.close(timeoutMs, isHandedOver);
  }

  begin(): void {
    // What is wanted of people comes with the state, and needs no history.
  }

  takeIn(): readonly Post[] {
    const state = this.#state;
    if (state === null) return [];
    this.#state = null;
    this.#wanted = this.#wantedNow(state);
    const progress = this.#progress;
    const { answerOf } = this.#tools;
    return this.ledger.follow({
      asks: this.#wanted.map((one) => ({
        id: one.id,
        to: one.kind === "agent_question" ? null : one.to,
      })),
      seq: this.lastSeq,
      endOf: (id) => endOfWish(id, progress, { state, wanted: this.#wanted, answerOf }),
    });
  }

  #wantedNow(state: FlowState | null): readonly Wanted[] {
    if (state === null) return [];
    const { doesAskPeople, historyOf, questionsForPeople } = this.#tools;
    const wanted = wantedIn(state);
    return doesAskPeople
      ? withHistory([...wanted, ...wantedAtWork(state, questionsForPeople)], historyOf)
      : wanted.filter(({ kind }) => kind === "step");
  }

  /** An agent that stays at work says so as it says how far it is, and nothing else tells of it. */
  #doAgentsAsk(events: readonly FlowEvent[]): boolean {
    if (this.#wanted.some(isAgentQuestion)) return true;
    return events.some(({ type }) => type === "step_progress") && this.#tools.isAnythingAsked();
  }

  #show(): void {
    const progress = this.#progress;
    const picture = flowPicture(progress);
    const html = async (): Promise<string> =>
      flowOutcomeText(progress, await this.#tools.outcomeOf(progress));
    this.#status = {
      textAt: (nowMs) => flowStatusText(picture, nowMs),
      isTicking: isTicking(picture),
      ending: this.hasEnded ? { seq: progress.endedSeq, html } : null,
    };
    this.#report.wake();
  }

  #lookUp(id: string, key: string): Asked | null {
    const wanted = this.#wanted.find((one) => one.id === id);
    if (wanted === undefined) return null;
    if (wanted.kind !== "step") {
      const askable = this.#tools.questionOf(questionOfWanted(id));
      return askable === null ? null : askedUnder(key, askable);
    }
    const { flowRunId, flow } = this.#progress.request;
    const { taskKey, wish } = wanted;
    return {
      schema: "delegate.telegram-step.v1",
      key,
      flowRunId,
      flow: flow.name,
      taskKey,
      wish,
      configPath: this.#tools.configPath,
      place: null,
    };
  }
}

function isAgentQuestion({ kind }: Wanted): boolean {
  return kind === "agent_question";
}

function idsOf(wanted: readonly Wanted[]): string {
  return wanted.map(({ id }) => id).join(" ");
}
