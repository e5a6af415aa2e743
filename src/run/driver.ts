import type { LeaveReason, RunHappening } from "../events/event.ts";
import type { Handoff } from "../handoff/document.ts";
import type { InboxListener, InboxReading } from "../handoff/inbox.ts";
import { gatewayOf } from "./addressing.ts";
import { readCancelRequest } from "./cancel-request.ts";
import type { Fact } from "./decide/decide.ts";
import { decide } from "./decide/decide.ts";
import type { FileReading } from "./decide/decide-file.ts";
import { isUnanswered } from "./decide/decide-question.ts";
import { wakeAtMs } from "./decide/decide-time.ts";
import { Deliveries } from "./deliveries.ts";
import type { Drive, DriveEnd, DriveLoop } from "./drive.ts";
import { leaveReasonOf } from "./leave.ts";
import { QuestionDesk } from "./questions/question-desk.ts";
import { closeQuestionsOf } from "./questions/question-files.ts";
import { RunInbox } from "./run-inbox.ts";
import { Lifetime } from "./lifetime.ts";
import type { RunEnd } from "./decide/state.ts";
import { openQuestionsOf } from "./decide/state.ts";
import { Alarm, Ticker } from "./timers.ts";

/** How long a request whose sender died may be sent again with its key: gateways forget keys after 5 minutes. */
const RESEND_WITHIN_MS = 240_000;

/** Between two looks for mail where nobody tells of it, and between two looks at questions that are open. */
const LOOK_INTERVAL_MS = 250;

/** Carries a run on, from wherever its journal stands, until its end. Rejects only for a bug. */
export function drive(plan: Drive): Promise<DriveEnd> {
  return new Driver(plan).run();
}

/** Feeds facts to the decision, and performs what was decided. */
class Driver implements DriveLoop, InboxListener {
  readonly #plan: Drive;
  readonly #life = new Lifetime<DriveEnd>(() => this.#stop());
  readonly #deliveries: Deliveries;
  /** The end that the run had when this driver came, if it had one. */
  readonly #earlierEnd: RunEnd | null;
  /** Not before what came in the meantime was heard. */
  #mayLeaveAsking: boolean;
  readonly #inbox: RunInbox;
  readonly #desk: QuestionDesk;
  readonly #alarm = new Alarm(() => this.effect(() => this.#wake()));
  /** Most runs have no need to look. */
  #looks: Ticker | null = null;

  constructor(plan: Drive) {
    this.#plan = plan;
    this.#inbox = new RunInbox(plan, this);
    this.#desk = new QuestionDesk(plan, this);
    this.#deliveries = new Deliveries(plan, this);
    const { state } = plan.journal;
    this.#mayLeaveAsking = state.phase !== "asking";
    this.#earlierEnd = state.phase === "ended" ? state.end : null;
  }

  run(): Promise<DriveEnd> {
    const { signal } = this.#plan;
    signal?.addEventListener("abort", this, { once: true });
    if (signal?.aborted) this.handleEvent();
    else this.#life.guard(() => this.#start());
    return this.#life.ended;
  }

  /** The signal has fired: this process is to leave. */
  handleEvent(): void {
    const { signal } = this.#plan;
    if (signal !== null) this.#leave(leaveReasonOf(signal));
  }

  #start(): void {
    const { journal, until, tools } = this.#plan;
    if (until === "ended") this.effect(() => this.#inbox.open());
    const { state } = journal;
    switch (state.phase) {
      case "created":
        this.#record({ type: "attempt_started", attempt: 1 }, null);
        break;
      case "sending":
        if (state.isSending && tools.clock.nowMs() - state.sinceMs > RESEND_WITHIN_MS) {
          const reason = "the process that sent it is gone";
          const result = { kind: "broken", reason } as const;
          this.#handle({ kind: "sent", attempt: state.attempt, result });
        } else this.#send(state.attempt);
        break;
      case "waiting":
        this.effect(() => this.#reattach(state.attempt, state.admittedAtMs));
        break;
      case "ended":
        this.effect(() => this.#lookForLate(state.end.attempts));
        break;
      case "asking":
        this.effect(() => this.#takeUpAsking());
        return;
      case "resting":
        break;
    }
    this.#settleOrSleep();
  }

  get isOver(): boolean {
    return this.#life.isOver;
  }

  report(fact: Fact): void {
    if (fact.kind === "gateway_gone")
      this.effect(async () => {
        await this.#readFile(fact.attempt);
        this.#handle(fact);
      });
    else this.#life.guard(() => this.#handle(fact));
  }

  effect(action: () => Promise<void>): void {
    this.#life.effect(action);
  }

  /** One step: what was reported, what follows from it, and what has to be done about it. */
  #handle(fact: Fact): void {
    const { journal, agent, tools } = this.#plan;
    if (this.isOver) return;
    const happenings = decide(journal.state, fact, {
      runId: journal.request.runId,
      agent: agent.name,
      gateway: gatewayOf(agent),
      limits: journal.request.limits,
      nowMs: tools.clock.nowMs(),
      random: tools.random(),
    });
    const handoff = handoffIn(fact);
    for (const happening of happenings) this.#record(happening, handoff);
    this.#settleOrSleep();
  }

  /** What a blocked handoff asks is opened before it is decided upon. */
  #handleFile(attempt: number, reading: FileReading): void {
    if (this.isOver) return;
    if (reading.kind !== "handoff" || reading.handoff.status !== "blocked")
      return this.#handle({ kind: "file", attempt, reading });
    const { handoff } = reading;
    const questions = this.#desk.openFor(attempt, handoff);
    this.#handle({ kind: "file", attempt, reading: { kind: "asks", handoff, questions } });
  }

  #record(happening: RunHappening, handoff: Handoff | null): void {
    const { journal } = this.#plan;
    if (happening.type === "handoff_accepted" && handoff !== null) journal.storeHandoff(handoff);
    journal.record(happening);
    if (happening.type === "attempt_started") this.#send(happening.attempt);
  }

  #settleOrSleep(): void {
    const { journal, until } = this.#plan;
    if (isUnanswered(journal.state)) this.#attend();
    const { state } = journal;
    if (state.phase === "ended" && state.end !== this.#earlierEnd) this.#finish({ kind: "ended" });
    else if (until === "admitted" && state.phase === "waiting") this.#leave("not_waiting");
    else if (this.#mayLeaveAsking && isUnanswered(state) && !this.#isWorthStaying())
      this.#leaveUnlessAnswered();
    else this.#sleep();
  }

  /** What was listed before this driver came may have been answered before it told of it. */
  #leaveUnlessAnswered(): void {
    this.#desk.readMail();
    if (!this.isOver && isUnanswered(this.#plan.journal.state)) this.#leave("asking");
  }

  #sleep(): void {
    const { journal, until, tools } = this.#plan;
    const { state } = journal;
    const isLooking = until === "admitted" || openQuestionsOf(state).length > 0;
    if (isLooking) this.#looks ??= new Ticker(LOOK_INTERVAL_MS, () => this.hearMail());
    this.#looks?.run(isLooking);
    const wakeAt = wakeAtMs(state, journal.request.limits);
    this.#alarm.set(wakeAt === null ? null : wakeAt - tools.clock.nowMs());
  }

  #attend(): void {
    if (this.#plan.until === "ended" && this.#mayLeaveAsking) this.#desk.attend();
  }

  /** People are waited for by those who chose to; the foreman, by all who stay for the outcome. */
  #isWorthStaying(): boolean {
    const { until, tools } = this.#plan;
    return until === "ended" && (tools.onQuestion === "wait" || this.#desk.isForemanBusy);
  }

  /** The file has the last word: it is read once more before anything else ends an attempt. */
  async #readFile(attempt: number): Promise<void> {
    const reading = await this.#inbox.finalReading(attempt);
    if (reading !== null) this.#handleFile(attempt, reading);
  }

  async #wake(): Promise<void> {
    const { state } = this.#plan.journal;
    if (state.phase === "waiting") await this.#readFile(state.attempt);
    this.#handle({ kind: "time" });
  }

  /** Other processes speak to a run through files in its folder. */
  #readMail(): void {
    if (this.isOver) return;
    const request = readCancelRequest(this.#plan.journal.paths);
    if (request !== null) this.#handle({ kind: "cancel", by: request.by, reason: request.reason });
    if (this.isOver) return;
    this.#desk.readMail();
    this.#attend();
  }

  #send(attempt: number): void {
    this.effect(() => this.#deliveries.send(attempt, this.#inbox.isWatching));
  }

  async #reattach(attempt: number, admittedAtMs: number): Promise<void> {
    const { isWatching } = this.#inbox;
    const reason = await this.#deliveries.reattach(attempt, admittedAtMs, isWatching);
    if (reason !== null) this.report({ kind: "gateway_gone", attempt, reason });
  }

  /** What has come in the meantime is heard before anybody leaves: a handoff, or answers. */
  async #takeUpAsking(): Promise<void> {
    await this.#inbox.isWatching;
    this.#desk.readMail();
    this.#mayLeaveAsking = true;
    this.#handle({ kind: "time" });
  }

  async #lookForLate(attempts: number): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) await this.#readFile(attempt);
    if (!this.#plan.staysForLate) this.#leave("not_waiting");
  }

  hearReading(attempt: number, reading: InboxReading): void {
    this.#life.guard(() => this.#handleFile(attempt, reading));
  }

  hearMail(): void {
    this.#life.guard(() => this.#readMail());
  }

  hearFolderGone(): void {
    this.report({ kind: "folder_gone" });
  }

  #leave(reason: LeaveReason): void {
    this.#life.guard(() => {
      if (this.isOver) return;
      this.#plan.journal.recordLeaving(reason);
      this.#finish({ kind: "left", reason });
    });
  }

  #finish(end: DriveEnd): void {
    if (end.kind === "ended") closeQuestionsOf(this.#plan.journal.paths);
    this.#life.end(end);
  }

  #stop(): void {
    this.#plan.signal?.removeEventListener("abort", this);
    // A process that still watches a folder takes 20 ms longer to be gone.
    this.#inbox.close();
    // Whoever waits for the end comes first: taking everything else down takes longer than telling it.
    setImmediate(() => this.#takeDown());
  }

  #takeDown(): void {
    this.#deliveries.end();
    this.#desk.close();
    this.#alarm.set(null);
    this.#looks?.run(false);
  }
}

/** The handoff that may be accepted with a fact. */
function handoffIn(fact: Fact): Handoff | null {
  if (fact.kind !== "file") return null;
  const { reading } = fact;
  return reading.kind === "handoff" || reading.kind === "asks" ? reading.handoff : null;
}
