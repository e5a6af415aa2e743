import type { Result } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import { unreachable } from "../unreachable.ts";
import { Alarm } from "./alarm.ts";
import type { BotFault } from "./bot-fault.ts";
import type { Bot } from "./bot.ts";
import { newKeptMessages } from "./message-store.ts";
import type { KeptMessages } from "./message-store.ts";
import { backoffMs, newDesk, nextCall } from "./next-call.ts";
import type { Desk, NextCall } from "./next-call.ts";
import { nothing, performCall } from "./perform-call.ts";
import type { Call, CallEffect } from "./perform-call.ts";
import type { Post } from "./post.ts";
import { enqueuePosts } from "./question-ledger.ts";
import type { ReportSubject, ReportTools } from "./report-tools.ts";

/** Calls that fail one after the other before people are told that Telegram can't be reached. */
const FAILURES_UNTIL_SAID = 3;

/**
 * What is on its way when another process goes on telling may take so much longer: nobody else knows the number of a
 * message that is given up, so that it would be sent again, and the first one would stand there for ever.
 */
const ON_ITS_WAY_MS = 4_000;

/** Keeps the messages about one run or flow run in Telegram as they should be, for as long as it is open. */
export class Report {
  readonly #subject: ReportSubject;
  readonly #tools: ReportTools;
  readonly #alarm = new Alarm();
  readonly #stop = new AbortController();
  #posts: readonly Post[] = [];
  #kept: KeptMessages;
  #desk: Desk = newDesk;
  #hasReplaced = false;
  #failures = 0;
  #lastReason = "there was no time";
  #isGivenUp = false;
  #closesAtMs: number | null = null;
  #work: Promise<void> | null = null;

  constructor(subject: ReportSubject, tools: ReportTools) {
    this.#subject = subject;
    this.#tools = tools;
    this.#kept = newKeptMessages(tools.settings.chatId, tools.settings.threadId);
  }

  /** The number of the ending that has been told; 0 when none has. */
  get toldSeq(): number {
    return this.#desk.toldSeq;
  }

  /** Whether nothing more can be told, because the chat is not there or by a bug. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Something has come: what follows from it is done later. */
  wake(): void {
    this.#alarm.ring();
    this.#work ??= this.#keepTelling();
  }

  /** Sends a message besides the status. */
  post(post: Post): void {
    this.#queue([post]);
    this.wake();
  }

  /** Lets what is not told yet be told, at most so long; says what is left untold, unless others go on with it. */
  async close(timeoutMs: number, isHandedOver: boolean): Promise<void> {
    if (this.#work === null) return;
    this.#closesAtMs = this.#tools.clock.nowMs() + timeoutMs;
    const timer = setTimeout(
      () => {
        this.#stop.abort();
        this.#alarm.ring();
      },
      timeoutMs + (isHandedOver ? ON_ITS_WAY_MS : 0),
    );
    this.#hurry();
    this.#alarm.ring();
    await this.#work;
    clearTimeout(timer);
    this.#stop.abort();
    if (!isHandedOver) this.#sayWhatIsUntold();
  }

  async #keepTelling(): Promise<void> {
    const { troubles, clock, openBot } = this.#tools;
    try {
      // What is told of comes first: whoever woke this goes on before anything is loaded.
      await new Promise((resolve) => setImmediate(resolve));
      this.#recall();
      const bot = await openBot();
      while (!this.#isTimeOver && !troubles.isHopeless && !this.#isGivenUp) {
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
      troubles.say(`no more reports: ${messageOf(error)}`);
    }
  }

  get #isTimeOver(): boolean {
    const { clock } = this.#tools;
    const isLate = this.#closesAtMs !== null && clock.nowMs() >= this.#closesAtMs;
    return isLate || this.#stop.signal.aborted;
  }

  #mayEnd(call: Extract<NextCall, { kind: "pause" | "rest" }>): boolean {
    if (this.#closesAtMs === null || this.#subject.hasNews) return false;
    return call.kind === "rest" || call.untilMs > this.#closesAtMs;
  }

  /** Goes on with the messages that an earlier process has sent. */
  #recall(): void {
    const { store, settings } = this.#tools;
    const { ledger } = this.#subject;
    const kept = store?.load() ?? null;
    if (kept !== null && kept.chatId === settings.chatId && kept.threadId === settings.threadId)
      this.#kept = kept;
    ledger.recall(this.#kept.questions, this.#kept.askedSeq);
    if (this.#kept.questions.length > 0) this.#tools.onAsking();
    const hasStatusMessage = this.#kept.messageId === null ? "not_yet" : "yes";
    this.#desk = { ...this.#desk, hasStatusMessage, toldSeq: this.#kept.toldSeq };
    this.#subject.begin();
  }

  #takeIn(): void {
    const before = this.#desk.status?.ending?.seq;
    this.#queue(this.#subject.takeIn());
    const { status } = this.#subject;
    this.#desk = { ...this.#desk, status, postsWaiting: this.#posts.length };
    if (status?.ending?.seq !== before) this.#hurry();
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
      statusMessageId: this.#kept.messageId,
      post: this.#posts[0] ?? null,
      isClosed: (questionId) => this.#subject.ledger.endOf(questionId) !== null,
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
    const { ledger } = this.#subject;
    const [post, ...rest] = this.#posts;
    this.#posts = rest;
    if (post === undefined || post.kind === "say") return;
    if (post.kind === "close_question") ledger.noteClosed(post.key);
    else this.#queue(ledger.noteAsked(post, asked));
    this.#keep({ questions: ledger.asked, askedSeq: ledger.askedSeq });
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
      const reason = messageOf(error);
      this.#tools.troubles.say(`what was sent can't be remembered: ${reason}`);
    }
  }

  #sayWhatIsUntold(): void {
    const { troubles, clock, pace } = this.#tools;
    if (troubles.isHopeless || this.#isGivenUp) return;
    this.#takeIn();
    if (nextCall(this.#desk, pace, clock.nowMs()).kind === "rest") return;
    const { name } = this.#subject;
    const what = name === "" ? "" : ` of ${name}`;
    troubles.say(`not everything${what} could be told (${this.#lastReason})`);
  }
}
