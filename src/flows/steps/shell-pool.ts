import { StandbyShell } from "./standby-shell.ts";
import type { ReadyShell } from "./standby-shell.ts";

/** How long a shell without work is kept, unless it is said otherwise. */
const KEPT_FOR_MS = 10_000;

/** The shells that stand by, made when they are needed. */
export class ShellPool {
  readonly #env: Readonly<Record<string, string>>;
  readonly #keptForMs: number;
  readonly #idle: { readonly ready: ReadyShell; readonly timer: NodeJS.Timeout }[] = [];
  /** Named pipes belong to Linux here; elsewhere, and where no shell can be had, commands are started directly. */
  #isPossible = process.platform === "linux";

  constructor(env: Readonly<Record<string, string>>, keptForMs = KEPT_FOR_MS) {
    this.#env = env;
    this.#keptForMs = keptForMs;
  }

  /** A shell for one command, or null when there can be none. */
  async take(): Promise<ReadyShell | null> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (!idle.ready.shell.isGone) return idle.ready;
      discard(idle.ready);
    }
    if (!this.#isPossible) return null;
    // What can't be had, such as a folder on a full disk, is not needed either.
    const ready = await StandbyShell.open(this.#env).catch(() => null);
    this.#isPossible = ready !== null;
    return ready;
  }

  /** Takes a shell back whose command is over, unless it can't be used any more. */
  giveBack(ready: ReadyShell, isUsable: boolean): void {
    if (!isUsable || ready.shell.isGone) {
      discard(ready);
      return;
    }
    const timer = setTimeout(() => this.#forget(ready), this.#keptForMs).unref();
    this.#idle.push({ ready, timer });
  }

  #forget(ready: ReadyShell): void {
    const place = this.#idle.findIndex((idle) => idle.ready === ready);
    if (place === -1) return;
    this.#idle.splice(place, 1);
    discard(ready);
  }
}

function discard({ shell, readers }: ReadyShell): void {
  shell.retire();
  readers.stdout.close();
  readers.stderr.close();
}
