import { setTimeout as sleep } from "node:timers/promises";
import { StandbyShell } from "./standby-shell.ts";
import type { ReadyShell } from "./standby-shell.ts";

/** How long a shell without work is kept, unless it is said otherwise. */
const KEPT_FOR_MS = 10_000;
const LONGEST_PATIENCE_MS = 50;

/** Somebody who wants a shell. */
interface Waiter {
  readonly sinceMs: number;
  readonly serve: (ready: ReadyShell | null) => void;
}

/**
 * The shells that stand by, made when they are needed. Making one takes longer than many a command does: a further one is
 * made for somebody who has waited as long as that for the others.
 */
export class ShellPool {
  readonly #env: Readonly<Record<string, string>>;
  readonly #keptForMs: number;
  readonly #idle: { readonly ready: ReadyShell; readonly timer: NodeJS.Timeout }[] = [];
  /** Who waits for a shell, in order; as long as there is anybody, one is being made or about to be. */
  readonly #waiting: Waiter[] = [];
  #isMaking = false;
  /** How many there are, with work or without. */
  #count = 0;
  /** When the last one was made, and how long that took. */
  #madeAtMs = 0;
  #makingMs = 0;
  /** Named pipes belong to Linux here; elsewhere, and where no shell can be had, commands are started directly. */
  #isPossible = process.platform === "linux";

  constructor(env: Readonly<Record<string, string>>, keptForMs = KEPT_FOR_MS) {
    this.#env = env;
    this.#keptForMs = keptForMs;
  }

  /** A shell for one command, or null when there can be none. */
  async take(): Promise<ReadyShell | null> {
    return this.#takeIdle() ?? this.#waitForOne();
  }

  /** Takes a shell back whose command is over, unless it can't be used any more. */
  giveBack(ready: ReadyShell, isUsable: boolean): void {
    if (isUsable && !ready.shell.isGone) this.#offer(ready);
    else this.#discard(ready);
  }

  #takeIdle(): ReadyShell | null {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (!idle.ready.shell.isGone) return idle.ready;
      this.#discard(idle.ready);
    }
    return null;
  }

  async #waitForOne(): Promise<ReadyShell | null> {
    if (!this.#isPossible) return null;
    const { promise, resolve } = Promise.withResolvers<ReadyShell | null>();
    this.#waiting.push({ sinceMs: performance.now(), serve: resolve });
    void this.#makeWhileWanted();
    return promise;
  }

  /** One after the other. */
  async #makeWhileWanted(): Promise<void> {
    if (this.#isMaking) return;
    this.#isMaking = true;
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const sinceMs = Math.max(first.sinceMs, this.#madeAtMs);
      const leftMs = sinceMs + this.#patienceMs - performance.now();
      if (leftMs > 0) await sleep(leftMs);
      else this.#offer(this.#isPossible ? await this.#make() : null);
    }
    this.#isMaking = false;
  }

  get #patienceMs(): number {
    return this.#count === 0 ? 0 : Math.min(this.#makingMs, LONGEST_PATIENCE_MS);
  }

  async #make(): Promise<ReadyShell | null> {
    // What can't be had, such as a folder on a full disk, is not needed either.
    const startedAtMs = performance.now();
    const ready = await StandbyShell.open(this.#env).catch(() => null);
    this.#madeAtMs = performance.now();
    this.#makingMs = this.#madeAtMs - startedAtMs;
    this.#isPossible = ready !== null;
    this.#count += Number(this.#isPossible);
    return ready;
  }

  #offer(ready: ReadyShell | null): void {
    const first = this.#waiting.shift();
    if (first !== undefined) first.serve(ready);
    else if (ready !== null) this.#keep(ready);
  }

  #keep(ready: ReadyShell): void {
    const timer = setTimeout(() => this.#forget(ready), this.#keptForMs).unref();
    this.#idle.push({ ready, timer });
  }

  #forget(ready: ReadyShell): void {
    const place = this.#idle.findIndex((idle) => idle.ready === ready);
    if (place === -1) return;
    this.#idle.splice(place, 1);
    this.#discard(ready);
  }

  #discard({ shell, readers }: ReadyShell): void {
    this.#count -= 1;
    shell.retire();
    readers.stdout.close();
    readers.stderr.close();
  }
}
