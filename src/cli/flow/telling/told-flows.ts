import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toIso } from "../../../clock.ts";
import type { Clock } from "../../../clock.ts";
import { flowsFolder } from "../../../flows/steps/step-folder.ts";
import { runIdPattern } from "../../../handoff/paths.ts";
import { makeFolder } from "../../../system/make-folder.ts";
import { MessageFile, newKeptMessages } from "../../../telegram/message-store.ts";
import type { MessageStore } from "../../../telegram/message-store.ts";
import type { TelegramSettings } from "../../../telegram/settings.ts";

/**
 * Which flow runs of a config are told of on this machine, for all its processes: an empty file for each one whose end
 * is not told yet, so that the others cost nothing. What was sent is in a file in the flow run's own folder.
 */
export class ToldFlows {
  readonly #folder: string;
  readonly #open: string;

  constructor({ handoffDir }: { readonly handoffDir: string }) {
    this.#folder = flowsFolder(handoffDir);
    this.#open = join(this.#folder, ".telegram");
  }

  /** Locked by the one process that tells of all of them. */
  get lock(): string {
    return join(this.#folder, ".telegram.lock");
  }

  /** A flow run that is told of from now on, by whichever process there is. */
  add(flowRunId: string, { chatId, threadId }: TelegramSettings): void {
    makeFolder(this.#ownFolder(flowRunId));
    const messages = this.messagesOf(flowRunId);
    if (messages.load() === null) messages.save(newKeptMessages(chatId, threadId));
    this.reopen(flowRunId);
  }

  /** One that was told of before goes on. */
  reopen(flowRunId: string): void {
    makeFolder(this.#open);
    writeFileSync(join(this.#open, flowRunId), "", { mode: 0o600 });
  }

  /** Its end is told, or it is not there any more. */
  remove(flowRunId: string): void {
    rmSync(join(this.#open, flowRunId), { force: true });
  }

  /** Those whose end is not told yet. */
  list(): readonly string[] {
    try {
      return readdirSync(this.#open).filter((name) => runIdPattern.test(name));
    } catch {
      return [];
    }
  }

  /** Whether its end is not told yet. */
  isOpen(flowRunId: string): boolean {
    return runIdPattern.test(flowRunId) && existsSync(join(this.#open, flowRunId));
  }

  /** Whether it is told of, or was. */
  isKnown(flowRunId: string): boolean {
    return (
      runIdPattern.test(flowRunId) && existsSync(join(this.#ownFolder(flowRunId), "telegram.json"))
    );
  }

  /** Where its messages are remembered. */
  messagesOf(flowRunId: string): MessageStore {
    return new MessageFile(this.#ownFolder(flowRunId));
  }

  /** Notes what went wrong, for when nobody reads what a process says. */
  note(line: string, clock: Clock): void {
    try {
      const path = join(this.#folder, ".telegram.log");
      appendFileSync(path, `${toIso(clock.nowMs())} ${line}\n`, { mode: 0o600 });
    } catch {
      // It has been said; a full disk is told of elsewhere.
    }
  }

  #ownFolder(flowRunId: string): string {
    return join(this.#folder, flowRunId);
  }
}
