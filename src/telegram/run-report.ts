import type { RunEvent } from "../events/event.ts";
import type { Result } from "../failure.ts";
import { unreachable } from "../unreachable.ts";
import { Alarm } from "./alarm.ts";
import type { BotFault } from "./bot-fault.ts";
import type { Bot } from "./bot.ts";
import { driverWords } from "./driver-words.ts";
import { newKeptMessages } from "./message-store.ts";
import type { KeptMessages } from "./message-store.ts";
import { backoffMs, newDesk, nextCall } from "./next-call.ts";
import type { Desk, NextCall } from "./next-call.ts";
import { nothing, performCall } from "./perform-call.ts";
import type { Call, CallEffect } from "./perform-call.ts";
import type { Post } from "./post.ts";
import { QuestionLedger, enqueuePosts } from "./question-ledger.ts";
import type { RunReportTools } from "./run-report-tools.ts";
import { applyToStatus, newRunStatus } from "./run-status.ts";

/** Calls that fail one after the other before people are told that Telegram can't be reached. */
const FAILURES_UNTIL_SAID = 3;

/** Keeps one run's messages in Telegram as they should be, for as long as it is open. */
export class RunReport {
  readonly #runId: string;
  readonly #tools: RunReportTools;
  readonly #alarm = new Alarm();
  readonly #stop = new AbortController();
  readonly #arrived: RunEvent[] = [];
  readonly #ledger: QuestionLedger;
  #posts: readonly Post[] = [];
  /** What has happened before was seen by others. */
  #firstSeq = 1;
  #kept: KeptMessages;
  #desk: Desk = newDesk;
  #hasReplaced = false;
  #failures = 0;
  #lastReason = "there was no time";
  #isGivenUp = false;
  #closesAtMs: number | null = null;
  #work: Promise<void> | null = null;

  constructor(runId: string, tools: RunReportTools) {
    this.#runId = runId;
    this.#tools = tools;
    const { settings, rules, newKey } = tools;
    this.#kept = newKeptMessages(settings.chatId, settings.threadId);
    this.#ledger = new QuestionLedger({ rules, places: settings, newKey });
  }

  /** Takes an event in; what follows from it is done later. */
  record(event: RunEvent): void {
    this.#arrived.push(event);
    this.#begin();
  }

  /** Sends a message besides the status. */
  post(post: Post): void {
    this.#queue([post]);
    this.#begin();
  }

  /** Lets what is not told yet be told, at most so long. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#work === null) return;
    this.#closesAtMs = this.#tools.clock.nowMs() + timeoutMs;
    const timer = setTimeout(() => {
      this.#stop.abort();
      this.#alarm.ring();
    }, timeoutMs);
    this.#hurry();
    this.#alarm.ring();
    await this.#work;
    clearTimeout(timer);
    this.#stop.abort();
    this.#sayWhatIsUntold();
  }

  #begin(): void {
    this.#alarm.ring();
    this.#work ??= this.#keepTelling();
  }

  async #keepTelling(): Promise<void> {
    const { troubles, clock, openBot } = this.#tools;
    try {
      // The run comes first: whoever recorded this event goes on before anything is loaded.
      await new Promise((resolve) => setImmediate(resolve));
      this.#recall();
      const bot = await openBot();
      while (!this.#stop.signal.aborted && !troubles.isHopeless && !this.#isGivenUp) {
        this.#takeIn();
        const call = nextCall(this.#desk, this.#tools.pace, clock.nowMs());
        if (call.kind === "pause" || call.kind === "rest") {
          if (this.#mayEnd(call)) return;
          const { untilMs } = call;
          await this.#alarm.sleep(untilMs === null ? null : untilMs - clock.nowMs());
        } else this.#settle(call, await this.#perform(call, bot));
      }
    } catch (error) {
      this.#isGivenUp = true;
      troubles.say(`no more reports: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #mayEnd(call: Extract<NextCall, { kind: "pause" | "rest" }>): boolean {
    if (this.#closesAtMs === null || this.#arrived.length > 0) return false;
    return call.kind === "rest" || call.untilMs > this.#closesAtMs;
  }

  /** Goes on with the messages that an earlier watcher of this run has sent. */
  #recall(): void {
    const { store, settings } = this.#tools;
    const kept = store?.load() ?? null;
    if (kept !== null && kept.chatId === settings.chatId && kept.threadId === settings.threadId)
      this.#kept = kept;
    this.#ledger.recall(this.#kept.questions, this.#kept.askedSeq);
    if (this.#kept.questions.length > 0) this.#tools.onAsking();
    const hasStatusMessage = this.#kept.messageId === null ? "not_yet" : "yes";
    this.#desk = { ...this.#desk, hasStatusMessage, toldSeq: this.#kept.toldSeq };
    const [first] = this.#arrived;
    this.#firstSeq = first?.seq ?? 1;
    if (first !== undefined && first.seq > 1) this.#arrived.unshift(...this.#historyBefore(first));
  }

  #takeIn(): void {
    for (const event of this.#arrived.splice(0)) {
      const before = this.#desk.status ?? newRunStatus(this.#runId);
      const status = applyToStatus(before, event);
      this.#desk = { ...this.#desk, status };
      if (event.type === "run_ended") this.#hurry();
      if (event.seq >= this.#firstSeq && event.type.startsWith("driver_"))
        this.#queue(driverWords(event, this.#historyBefore(event), before));
      this.#queue(this.#ledger.follow(event));
    }
    this.#desk = { ...this.#desk, postsWaiting: this.#posts.length };
  }

  #historyBefore({ seq }: RunEvent): readonly RunEvent[] {
    return this.#tools.history().filter((event) => event.seq < seq);
  }

  #queue(posts: readonly Post[]): void {
    this.#posts = enqueuePosts(this.#posts, posts);
  }

  #perform(call: Call, bot: Bot): Promise<Result<CallEffect, BotFault>> {
    return performCall(call, {
      bot,
      settings: this.#tools.settings,
      book: this.#tools.book,
      signal: this.#stop.signal,
      status: this.#desk.status,
      statusMessageId: this.#kept.messageId,
      result: this.#tools.result,
      post: this.#posts[0] ?? null,
      isClosed: (questionId) => this.#ledger.endOf(questionId) !== null,
      lookUp: this.#tools.lookUp,
    });
  }

  /** Notes what became of a call. */
  #settle(call: Call, result: Result<CallEffect, BotFault>): void {
    if (result.ok) {
      this.#failures = 0;
      this.#markDone(call, result.value);
    } else if (!this.#stop.signal.aborted) this.#cope(call, result.failure);
  }

  #markDone(call: Call, { messageId, asked }: CallEffect): void {
    const nowMs = this.#tools.clock.nowMs();
    switch (call.kind) {
      case "send_status":
        this.#keep({ messageId });
        this.#desk = { ...this.#desk, hasStatusMessage: "yes" };
        this.#markShown(call.text, nowMs);
        break;
      case "edit_status":
        this.#markShown(call.text, nowMs);
        break;
      case "post":
        this.#markPosted(asked);
        break;
      case "tell_outcome":
        this.#keep({ toldSeq: call.ending.seq });
        this.#desk = { ...this.#desk, toldSeq: call.ending.seq };
        break;
    }
  }

  #markPosted(asked: CallEffect["asked"]): void {
    const [post, ...rest] = this.#posts;
    this.#posts = rest;
    if (post === undefined || post.kind === "say") return;
    if (post.kind === "close_question") this.#ledger.noteClosed(post.key);
    else this.#queue(this.#ledger.noteAsked(post.seq, asked));
    const { asked: questions, askedSeq } = this.#ledger;
    this.#keep({ questions, askedSeq });
    if (asked !== null) this.#tools.onAsking();
  }

  #markShown(text: string, atMs: number): void {
    this.#desk = { ...this.#desk, shown: { text, atMs }, touchedAtMs: atMs };
  }

  #cope(call: Call, fault: BotFault): void {
    const { troubles, clock, pace } = this.#tools;
    this.#lastReason = fault.reason;
    switch (fault.kind) {
      case "limited":
        this.#failures = 0;
        this.#blockUntil(clock.nowMs() + fault.retryAfterMs);
        break;
      case "unavailable":
      case "conflict": {
        this.#failures += 1;
        const tries = this.#closesAtMs === null ? this.#failures : 1;
        this.#blockUntil(clock.nowMs() + backoffMs(tries, pace));
        if (this.#failures === FAILURES_UNTIL_SAID)
          troubles.say(`not reached (${fault.reason}); trying again while the run lasts`);
        break;
      }
      case "token_refused":
        troubles.refuseToken(fault.reason);
        break;
      case "message_gone":
        this.#replace(call);
        break;
      case "not_modified":
      case "refused":
        this.#dropRefused(call, fault.reason);
        break;
      default:
        unreachable(fault);
    }
  }

  /** A status message that somebody deleted is replaced once; who deletes it again does not want it. */
  #replace(call: Call): void {
    if (call.kind !== "edit_status") {
      this.#markDone(call, nothing);
      return;
    }
    this.#desk = { ...this.#desk, hasStatusMessage: this.#hasReplaced ? "lost" : "not_yet" };
    this.#hasReplaced = true;
  }

  #dropRefused(call: Call, reason: string): void {
    this.#tools.troubles.say(`refused: ${reason}`);
    if (call.kind === "send_status") this.#isGivenUp = true;
    else this.#markDone(call, nothing);
  }

  #blockUntil(blockedUntilMs: number): void {
    this.#desk = { ...this.#desk, blockedUntilMs };
  }

  /** What can't be told later is tried now, unless Telegram itself asked for the pause. */
  #hurry(): void {
    if (this.#failures > 0) this.#blockUntil(0);
  }

  #keep(change: Partial<KeptMessages>): void {
    this.#kept = { ...this.#kept, ...change };
    try {
      this.#tools.store?.save(this.#kept);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tools.troubles.say(`what was sent can't be remembered: ${reason}`);
    }
  }

  #sayWhatIsUntold(): void {
    const { troubles, clock, pace } = this.#tools;
    if (troubles.isHopeless || this.#isGivenUp) return;
    this.#takeIn();
    if (nextCall(this.#desk, pace, clock.nowMs()).kind === "rest") return;
    const what = this.#runId === "" ? "" : ` of run ${this.#runId}`;
    troubles.say(`not everything${what} could be told (${this.#lastReason})`);
  }
}
