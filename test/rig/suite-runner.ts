import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..", "..");

/** Runs suites that need more than a checkout, tells of it on stderr, and hears Ctrl-C. */
export class SuiteRunner {
  readonly #name: string;
  readonly #startedAt = performance.now();
  readonly #canceling = new AbortController();

  /** The name is also that of the folder below `test/` in which their `vitest.config.ts` is. */
  constructor(name: string) {
    this.#name = name;
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => this.#canceling.abort());
  }

  /** Fires when they are to stop. */
  get signal(): AbortSignal {
    return this.#canceling.signal;
  }

  /** Where this kind of suites keeps what it has installed; DELEGATE_CACHE_DIR names another place. */
  get cache(): string {
    return resolve(process.env["DELEGATE_CACHE_DIR"] ?? join(root, ".cache"), this.#name);
  }

  readonly say = (line: string): void => {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    process.stderr.write(`${this.#name} [${seconds.padStart(5)} s] ${line}\n`);
  };

  /** Hands these words to vitest, which `through` may start; the value says whether all has passed. */
  async run(
    words: readonly string[],
    env: Readonly<Record<string, string>>,
    through: readonly string[] = [],
  ): Promise<boolean> {
    const config = join(root, "test", this.#name, "vitest.config.ts");
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const call = [process.execPath, vitest, "run", "--root", root, "--config", config, ...words];
    const [program = "", ...args] = [...through, ...call];
    const child = spawn(program, args, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
    const stop = (): boolean => child.kill("SIGTERM");
    if (this.signal.aborted) stop();
    else this.signal.addEventListener("abort", stop, { once: true });
    const [code] = await once(child, "exit");
    return code === 0;
  }

  /** Carries out all of it, says how it ended, and sets the exit code of the process. */
  async conclude(all: () => Promise<boolean>): Promise<void> {
    try {
      const hasPassed = await all();
      this.signal.throwIfAborted();
      this.say(hasPassed ? "passed" : "failed");
      process.exitCode = hasPassed ? 0 : 1;
    } catch (reason) {
      const { aborted } = this.signal;
      this.say(aborted ? "canceled" : reason instanceof Error ? reason.message : String(reason));
      process.exitCode = aborted ? 130 : 1;
    }
  }
}
