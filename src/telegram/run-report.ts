import type { RunEvent } from "../events/event.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import { driverWords } from "./driver-words.ts";
import type { Post } from "./post.ts";
import { QuestionLedger } from "./question-ledger.ts";
import { Report } from "./report.ts";
import type { ReportSubject, ReportTools } from "./report-tools.ts";
import { applyToStatus, newRunStatus } from "./run-status.ts";
import type { RunStatus } from "./run-status.ts";
import { viewOfRun } from "./run-view.ts";
import type { StatusView } from "./status-view.ts";

/** What the report of one run needs. */
export interface RunReportTools extends ReportTools {
  /** The run's events so far, for who comes in its middle. */
  readonly history: () => readonly RunEvent[];
  /** The result that the agent handed over, or null. */
  readonly result: () => string | null;
  /** To whom questions go. */
  readonly rules: QuestionSettings;
  readonly newKey: () => string;
}

/** Tells of one run: its events come in, its messages are kept as they should be. */
export class RunReport implements ReportSubject {
  readonly ledger: QuestionLedger;
  readonly #runId: string;
  readonly #tools: RunReportTools;
  readonly #report: Report;
  readonly #arrived: RunEvent[] = [];
  /** What has happened before was seen by others. */
  #firstSeq = 1;
  #status: RunStatus | null = null;

  constructor(runId: string, tools: RunReportTools) {
    const { settings, rules, newKey } = tools;
    this.#runId = runId;
    this.#tools = tools;
    this.ledger = new QuestionLedger({ rules, places: settings, newKey });
    this.#report = new Report(this, tools);
  }

  get name(): string {
    return this.#runId === "" ? "" : `run ${this.#runId}`;
  }

  get hasNews(): boolean {
    return this.#arrived.length > 0;
  }

  get status(): StatusView | null {
    return this.#status === null ? null : viewOfRun(this.#status, this.#tools.result);
  }

  /** Takes an event in; what follows from it is done later. */
  record(event: RunEvent): void {
    this.#arrived.push(event);
    this.#report.wake();
  }

  /** Sends a message besides the status. */
  post(post: Post): void {
    this.#report.post(post);
  }

  /** Lets what is not told yet be told, at most so long; the rest is told by another process, if it is handed over. */
  close(timeoutMs: number, isHandedOver: boolean): Promise<void> {
    return this.#report.close(timeoutMs, isHandedOver);
  }

  begin(): void {
    const [first] = this.#arrived;
    this.#firstSeq = first?.seq ?? 1;
    if (first !== undefined && first.seq > 1) this.#arrived.unshift(...this.#historyBefore(first));
  }

  takeIn(): readonly Post[] {
    return this.#arrived.splice(0).flatMap((event) => this.#follow(event));
  }

  #follow(event: RunEvent): readonly Post[] {
    const before = this.#status ?? newRunStatus(this.#runId);
    this.#status = applyToStatus(before, event);
    const isAboutDrivers = event.seq >= this.#firstSeq && event.type.startsWith("driver_");
    return [
      ...(isAboutDrivers ? driverWords(event, this.#historyBefore(event), before) : []),
      ...this.ledger.follow(event),
    ];
  }

  #historyBefore({ seq }: RunEvent): readonly RunEvent[] {
    return this.#tools.history().filter((event) => event.seq < seq);
  }
}
