import type { FinalReading } from "../../handoff/check.ts";
import type { Inbox, InboxListener } from "../../handoff/inbox.ts";
import type { Drive } from "../drive.ts";

/** The inbox of a run; loaded and opened only by those who stay for the outcome. */
export class RunInbox {
  readonly #drive: Drive;
  readonly #listener: InboxListener;
  #opening: Promise<void> | null = null;
  #inbox: Inbox | null = null;
  #isClosed = false;

  constructor(drive: Drive, listener: InboxListener) {
    this.#drive = drive;
    this.#listener = listener;
  }

  /** Settles when the run's folder is being watched, so that no answer can be missed; null when it never will be. */
  get isWatching(): Promise<void> | null {
    return this.#opening;
  }

  open(): Promise<void> {
    return (this.#opening ??= this.#open());
  }

  /** See Inbox; null also when there is no inbox. */
  async finalReading(attempt: number): Promise<FinalReading | null> {
    await this.#opening;
    return this.#inbox?.finalReading(attempt) ?? null;
  }

  close(): void {
    this.#isClosed = true;
    this.#inbox?.close();
  }

  async #open(): Promise<void> {
    const { openInbox } = await import("../../handoff/inbox.ts");
    const { journal, expectation, tools } = this.#drive;
    this.#inbox = openInbox({
      folder: journal.paths.folder,
      expectation,
      poll: tools.config.watch === "poll",
      listener: this.#listener,
    });
    if (this.#isClosed) this.#inbox.close();
  }
}
