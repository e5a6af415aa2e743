import type { LeaveReason, RunHappening } from "../events/event.ts";
import type { Handoff } from "../handoff/document.ts";
import type { Inbox } from "../handoff/inbox.ts";
import { gatewayNameOf, hookCallFor } from "./addressing.ts";
import { attemptMessage } from "./attempt-message.ts";
import { deliver, reattach } from "./courier.ts";
import type { CourierTools, Parcel } from "./courier.ts";
import type { Drive, DriveEnd } from "./drive.ts";
import type { Fact } from "./decide.ts";
import { decide, wakeAtMs } from "./decide.ts";
import type { FileReading } from "./decide-file.ts";
import { isUnanswered } from "./decide-question.ts";
import { readCancelRequest } from "./cancel-request.ts";
import { leaveReasonOf } from "./leave.ts";
import { QuestionDesk } from "./question-desk.ts";
import { closeQuestionsOf } from "./question-files.ts";
import { storageFailure } from "./run-folder.ts";
import type { RunEnd } from "./state.ts";

/** How long a request whose sender died may be sent again with its key: gateways forget keys after 5 minutes. */
const RESEND_WITHIN_MS = 240_000;

/** How long a gateway may be away, once it held our connection: OpenClaw restarts within 15 s, ours never comes back. */
const GONE_AFTER_MS = { gateway: 30_000, command: 1_000 } as const;

/** Between two looks for what other processes left in the run's folder. */
const MAIL_INTERVAL_MS = 250;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Carries a run on, from wherever its journal stands, until its end. Rejects only for a bug. */
export function drive(plan: Drive): Promise<DriveEnd> {
  return new Driver(plan).run();
}

/** Feeds facts to the decision, and performs what was decided. */
class Driver {
  readonly #plan: Drive;
  readonly #desk: QuestionDesk;
  readonly #stopEffects = new AbortController();
  readonly #over = Promise.withResolvers<DriveEnd>();
  /** The end that the run had when this driver came, if it had one. */
  readonly #earlierEnd: RunEnd | null;
  /** Not before what came in the meantime was heard. */
  #mayLeaveAsking: boolean;
  #inbox: Promise<Inbox> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #mailTimer: NodeJS.Timeout | null = null;

  constructor(plan: Drive) {
    this.#plan = plan;
    const { journal, tools, askForeman } = plan;
    const report = (fact: Fact): void => this.#guard(() => this.#handle(fact));
    const effect = (action: () => Promise<void>): void => this.#effect(action);
    this.#desk = new QuestionDesk({ journal, tools, askForeman, report, effect });
    const { state } = journal;
    this.#mayLeaveAsking = state.phase !== "asking";
    this.#earlierEnd = state.phase === "ended" ? state.end : null;
  }

  async run(): Promise<DriveEnd> {
    const { signal } = this.#plan;
    const leave = (): void => this.#leave(leaveReasonOf(signal));
    signal.addEventListener("abort", leave, { once: true });
    try {
      if (signal.aborted) leave();
      else this.#guard(() => this.#start());
      this.#mailTimer = setInterval(() => this.#guard(() => this.#readMail()), MAIL_INTERVAL_MS);
      return await this.#over.promise;
    } finally {
      signal.removeEventListener("abort", leave);
      this.#stopEffects.abort();
      this.#desk.close();
      if (this.#timer !== null) clearTimeout(this.#timer);
      if (this.#mailTimer !== null) clearInterval(this.#mailTimer);
      await (await this.#inbox?.catch(() => null))?.close();
    }
  }

  #start(): void {
    const { journal, until, tools } = this.#plan;
    if (until === "ended") this.#inbox = this.#openInbox();
    const { state } = journal;
    switch (state.phase) {
      case "created":
        this.#record({ type: "attempt_started", attempt: 1 }, null);
        break;
      case "sending":
        if (state.isSending && tools.clock.nowMs() - state.sinceMs > RESEND_WITHIN_MS) {
          const reason = "the process that sent it is gone";
          this.#handle({
            kind: "sent",
            attempt: state.attempt,
            result: { kind: "broken", reason },
          });
        } else this.#send(state.attempt);
        break;
      case "waiting":
        this.#effect(() => this.#reattach(state.attempt, state.admittedAtMs));
        break;
      case "ended":
        this.#effect(() => this.#lookForLate(state.end.attempts));
        break;
      case "asking":
        this.#effect(() => this.#takeUpAsking());
        return;
      case "resting":
        break;
    }
    this.#settleOrSleep();
  }

  /** One step: what was reported, what follows from it, and what has to be done about it. */
  #handle(fact: Fact): void {
    const { journal, agent, tools } = this.#plan;
    if (this.#stopEffects.signal.aborted) return;
    const happenings = decide(journal.state, fact, {
      runId: journal.request.runId,
      agent: agent.name,
      gatewayName: gatewayNameOf(agent),
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
    if (this.#stopEffects.signal.aborted) return;
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
    const { journal, until, tools } = this.#plan;
    if (isUnanswered(journal.state)) this.#attend();
    const { state } = journal;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (state.phase === "ended") {
      if (state.end !== this.#earlierEnd) this.#finish({ kind: "ended" });
    } else if (until === "admitted" && state.phase === "waiting") {
      this.#leave("not_waiting");
    } else if (this.#mayLeaveAsking && isUnanswered(state) && !this.#isWorthStaying()) {
      this.#leave("asking");
    } else {
      const wakeAt = wakeAtMs(state, journal.request.limits);
      if (wakeAt === null) return;
      const delayMs = Math.min(Math.max(0, wakeAt - tools.clock.nowMs()), LONGEST_TIMER_MS);
      this.#timer = setTimeout(() => this.#effect(() => this.#wake()), Math.ceil(delayMs));
    }
  }

  #attend(): void {
    if (this.#plan.until === "ended" && this.#mayLeaveAsking) this.#desk.attend();
  }

  /** People are waited for by those who chose to; the foreman, by all who stay for the outcome. */
  #isWorthStaying(): boolean {
    const { until, tools } = this.#plan;
    return until === "ended" && (tools.onQuestion === "wait" || this.#desk.isForemanBusy);
  }

  /** The file has the last word: it is read once more before time decides. */
  async #wake(): Promise<void> {
    const { state } = this.#plan.journal;
    if (state.phase === "waiting") {
      const { attempt } = state;
      const reading = await (await this.#inbox)?.finalReading(attempt);
      if (reading) this.#handleFile(attempt, reading);
    }
    this.#handle({ kind: "time" });
  }

  /** Other processes speak to a run through files in its folder. */
  #readMail(): void {
    const request = readCancelRequest(this.#plan.journal.paths);
    if (request !== null) this.#handle({ kind: "cancel", by: request.by, reason: request.reason });
    if (this.#stopEffects.signal.aborted) return;
    this.#desk.readMail();
    this.#attend();
  }

  #send(attempt: number): void {
    const parcel = this.#parcel(attempt);
    this.#effect(() => deliver(parcel, this.#courierTools()));
  }

  async #reattach(attempt: number, admittedAtMs: number): Promise<void> {
    const { agent, tools } = this.#plan;
    const found = await tools.agents.find(agent, admittedAtMs);
    if (found.kind === "known") {
      await this.#inbox;
      await reattach(this.#parcel(attempt), found.address, admittedAtMs, this.#courierTools());
    } else if (found.kind === "gone") {
      await this.#wakeForGone(attempt, found.reason);
    }
  }

  async #wakeForGone(attempt: number, reason: string): Promise<void> {
    const reading = await (await this.#inbox)?.finalReading(attempt);
    if (reading) this.#handleFile(attempt, reading);
    this.#handle({ kind: "gateway_gone", attempt, reason });
  }

  /** What has come in the meantime is heard before anybody leaves: a handoff, or answers. */
  async #takeUpAsking(): Promise<void> {
    await this.#inbox;
    this.#desk.readMail();
    this.#mayLeaveAsking = true;
    this.#handle({ kind: "time" });
  }

  async #lookForLate(attempts: number): Promise<void> {
    const inbox = await this.#inbox;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const reading = await inbox?.finalReading(attempt);
      if (reading) this.#handleFile(attempt, reading);
    }
    if (!this.#plan.staysForLate) this.#leave("not_waiting");
  }

  #parcel(attempt: number): Parcel {
    const { journal, agent, until, tools } = this.#plan;
    const message = attemptMessage(journal, agent, tools.config, attempt);
    const call = hookCallFor(journal.request, agent, attempt, message);
    return {
      attempt,
      call,
      checksHealth: journal.request.checksHealth && agent.kind === "gateway",
      holds: until === "ended",
      goneAfterMs: GONE_AFTER_MS[agent.kind],
      isWatching: this.#inbox === null ? Promise.resolve() : this.#inbox.then(() => undefined),
    };
  }

  #courierTools(): CourierTools {
    const { agent, tools } = this.#plan;
    return {
      clock: tools.clock,
      reach: () => tools.agents.reach(agent),
      report: (fact) => this.#guard(() => this.#handle(fact)),
      holds: tools.holds,
      announce: (attempt, idempotencyKey, bodyBytes) => {
        this.#guard(() => this.#handle({ kind: "sending", attempt, idempotencyKey, bodyBytes }));
        const { trouble, paths } = this.#plan.journal;
        return trouble === null ? null : storageFailure(paths.folder, trouble);
      },
      signal: this.#stopEffects.signal,
    };
  }

  async #openInbox(): Promise<Inbox> {
    const { openInbox } = await import("../handoff/inbox.ts");
    const { journal, expectation, tools } = this.#plan;
    return openInbox({
      folder: journal.paths.folder,
      expectation,
      poll: tools.config.watch === "poll",
      onReading: (attempt, reading) => this.#guard(() => this.#handleFile(attempt, reading)),
      onFolderGone: () => this.#guard(() => this.#handle({ kind: "folder_gone" })),
    });
  }

  #leave(reason: LeaveReason): void {
    this.#guard(() => {
      if (this.#stopEffects.signal.aborted) return;
      this.#plan.journal.recordLeaving(reason);
      this.#finish({ kind: "left", reason });
    });
  }

  #finish(end: DriveEnd): void {
    if (end.kind === "ended") closeQuestionsOf(this.#plan.journal.paths);
    this.#stopEffects.abort();
    this.#over.resolve(end);
  }

  #effect(action: () => Promise<void>): void {
    action().catch((error: unknown) => this.#over.reject(error));
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#over.reject(error);
    }
  }
}

/** The handoff that may be accepted with a fact. */
function handoffIn(fact: Fact): Handoff | null {
  if (fact.kind !== "file") return null;
  const { reading } = fact;
  return reading.kind === "handoff" || reading.kind === "asks" ? reading.handoff : null;
}
