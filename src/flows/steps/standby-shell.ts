import { shellQuote } from "../../text/shell-quote.ts";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PipeReader } from "./pipe-reader.ts";
import type { OutputPipes } from "./shell-line.ts";

/** Where the output of a shell's commands is read. */
export interface OutputReaders {
  readonly stdout: PipeReader;
  readonly stderr: PipeReader;
}

/** A shell that stands by, ready for a command. */
export interface ReadyShell {
  readonly shell: StandbyShell;
  readonly readers: OutputReaders;
}

/**
 * A small shell that begins one command at a time: a large process such as ours takes a millisecond to make a new one,
 * a small one a fifth of that.
 */
export class StandbyShell {
  readonly pid: number;
  readonly pipes: OutputPipes;
  readonly #child: ChildProcess;
  readonly #folder: string;
  #answer: ((exitCode: number | null) => void) | null = null;
  #isGone = false;

  private constructor(child: ChildProcess, pid: number, folder: string) {
    this.pid = pid;
    this.pipes = { stdout: join(folder, "stdout"), stderr: join(folder, "stderr") };
    this.#child = child;
    this.#folder = folder;
    child.stdin?.on("error", () => undefined);
    child.stdout?.on("error", () => undefined);
    child.stdout?.on("data", (told: Buffer) => this.#settle(Number(told.toString("latin1"))));
    child.once("exit", () => {
      this.#isGone = true;
      this.#settle(null);
    });
  }

  /** Null when there can be none here; rejects with what the system has to say. */
  static async open(env: Readonly<Record<string, string>>): Promise<ReadyShell | null> {
    const folder = mkdtempSync(join(tmpdir(), "delegate-shell-"));
    const shell = StandbyShell.#start(folder, env);
    const readers = shell === null ? null : await shell.#prepare().catch(() => null);
    if (shell !== null && readers !== null) return { shell, readers };
    shell?.retire();
    rmSync(folder, { recursive: true, force: true });
    return null;
  }

  static #start(folder: string, env: Readonly<Record<string, string>>): StandbyShell | null {
    const child = spawn("/bin/sh", [], {
      cwd: "/",
      detached: true,
      env,
      stdio: ["pipe", "pipe", "ignore"],
    });
    child.on("error", () => undefined);
    return child.pid === undefined ? null : new StandbyShell(child, child.pid, folder);
  }

  /** Who asks the shell to end means its command. When we are gone, it cleans up by itself. */
  async #prepare(): Promise<OutputReaders | null> {
    const { stdout, stderr } = this.pipes;
    const atEnd = shellQuote(`rm -rf ${shellQuote(this.#folder)}`);
    const exitCode = await this.run(
      `trap : HUP INT PIPE QUIT TERM; trap ${atEnd} EXIT; mkfifo -m 600 ${shellQuote(stdout)} ${shellQuote(stderr)}; echo $?\n`,
    );
    if (exitCode !== 0) return null;
    const room = new Uint8Array(PIECE_BYTES);
    return { stdout: new PipeReader(stdout, room), stderr: new PipeReader(stderr, room) };
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Runs a script that answers with an exit code; null when the shell itself has come to its end. */
  run(script: string): Promise<number | null> {
    if (this.#isGone) return Promise.resolve(null);
    this.#hold(true);
    this.#child.stdin?.write(script);
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  /** Lets the shell end. What a command has left in the background is not touched. */
  retire(): void {
    this.#isGone = true;
    this.#child.stdin?.destroy();
    this.#hold(false);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #settle(exitCode: number | null): void {
    const answer = this.#answer;
    this.#answer = null;
    this.#hold(false);
    answer?.(exitCode);
  }

  /** While it has nothing to do it keeps nobody from leaving. */
  #hold(isBusy: boolean): void {
    const { stdin, stdout } = this.#child;
    for (const one of [this.#child, stdin, stdout]) {
      if (!(one instanceof Socket) && one !== this.#child) continue;
      if (isBusy) one.ref();
      else one.unref();
    }
  }
}

const PIECE_BYTES = 64 * 1024;
