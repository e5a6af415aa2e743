import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { carryOut } from "../../src/cli/carry-out.ts";
import type { Clock } from "../../src/clock.ts";
import type { Writer } from "../../src/cli/terminal/writer.ts";
import type { Outcome } from "../../src/run/outcome.ts";
import { monotonicClock } from "../../src/system/monotonic-clock.ts";
import { signalIfThere, processesNaming } from "./left-processes.ts";
import { PATIENCE_MS } from "./patience.ts";
import { SteeredGateway } from "./steered-gateway.ts";
import { until } from "./until.ts";

/** The built command. */
export const launcher = new URL("../../bin/launch.cjs", import.meta.url).pathname;

/** How a command ended. */
export interface CliEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface CliOptions {
  /** What it reads; null leaves its stdin open. */
  readonly stdin?: string | Buffer | null;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** How a command is carried out within this process. */
export interface InsideOptions extends Pick<CliOptions, "env" | "cwd"> {
  readonly clock?: Clock;
}

/** The built command while it runs. */
export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has written to stdout so far. */
  readonly output: () => string;
  /** What it has written to stderr so far. */
  readonly errors: () => string;
  readonly end: Promise<CliEnd>;
}

/** What a command that prints one document answers at its end. */
export interface JsonEnd {
  readonly exitCode: number | null;
  readonly document: Outcome;
  readonly stderr: string;
}

/** A temporary project with a config, a steered gateway, and the real command. */
export class Rig {
  readonly folder: string;
  readonly gateway: SteeredGateway;
  readonly #children = new Map<ChildProcessWithoutNullStreams, Promise<void>>();

  private constructor(folder: string, gateway: SteeredGateway) {
    this.folder = folder;
    this.gateway = gateway;
  }

  /** A project with one agent, `worker`, behind the steered gateway; more of the config as given. */
  static async create(config: object = {}, agent: object = {}): Promise<Rig> {
    const rig = new Rig(
      mkdtempSync(join(tmpdir(), "delegate-test-")),
      await SteeredGateway.start(),
    );
    writeFileSync(join(rig.folder, "token"), "test-token-4711\n", { mode: 0o600 });
    rig.writeConfig({
      agents: { worker: { url: rig.gateway.origin, token: { file: "token" }, ...agent } },
      retry: { baseMs: 20, maxMs: 40 },
      ...config,
    });
    return rig;
  }

  get handoffDir(): string {
    return join(this.folder, "handoffs");
  }

  writeConfig(config: object): void {
    this.write("delegate.config.json", JSON.stringify(config));
  }

  write(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** The events of a run. */
  events(runId: string): readonly { readonly type: string; readonly [key: string]: unknown }[] {
    // What stands behind the last end of a line is still being written.
    return this.read(`handoffs/${runId}/events.jsonl`)
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  /** Waits until something of this type has happened in a run, so many times. */
  async hasHappened(runId: string, type: string, times = 1): Promise<void> {
    await until(
      () =>
        existsSync(join(this.handoffDir, runId, "events.jsonl")) &&
        this.events(runId).filter((event) => event.type === type).length >= times,
      `${type} in ${runId}`,
    );
  }

  /** Starts the command and leaves it running. */
  start(words: readonly string[], options: CliOptions = {}): RunningCli {
    return this.#spawn(process.execPath, [launcher, ...words], options);
  }

  /** Starts another program, such as a shell that runs the command, and leaves it running. */
  startProgram(program: string, words: readonly string[], options: CliOptions = {}): RunningCli {
    return this.#spawn(program, words, options);
  }

  /** Runs another program to its end. */
  runProgram(program: string, words: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
    return this.startProgram(program, words, options).end;
  }

  /** Nothing of whoever runs the tests but where programs are, what has been compiled, and where folders are made. */
  #environment(more: CliOptions["env"]): NonNullable<CliOptions["env"]> {
    const { PATH, NODE_COMPILE_CACHE, TMPDIR } = process.env;
    return { PATH, NODE_COMPILE_CACHE, TMPDIR, HOME: this.folder, ...more };
  }

  #spawn(program: string, words: readonly string[], { stdin, env, cwd }: CliOptions): RunningCli {
    const child = spawn(program, [...words], {
      cwd: cwd ?? this.folder,
      env: this.#environment(env),
      stdio: "pipe",
    });
    this.#children.set(child, hasLeft(child));
    child.stdin.on("error", () => undefined);
    if (stdin !== null) child.stdin.end(stdin ?? "");
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const end = new Promise<CliEnd>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode, signal) => {
        this.#children.delete(child);
        resolve({ exitCode, signal, stdout: stdout(), stderr: stderr() });
      });
    });
    return { child, output: stdout, errors: stderr, end };
  }

  /** Runs the command to its end. */
  run(words: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
    return this.start(words, options).end;
  }

  /**
   * Carries a command out within this process, in a shell that keeps what is written. It is the same but for the start of
   * a program, which takes longer than all that most commands do; for what no signal, no stdin and no crash has a part in.
   */
  async inside(words: readonly string[], options: InsideOptions = {}): Promise<CliEnd> {
    const { env, cwd, clock = monotonicClock } = options;
    const stdout = new KeptOutput();
    const stderr = new KeptOutput();
    const shell = {
      env: this.#environment(env),
      cwd: cwd ?? this.folder,
      stdout,
      stderr,
      clock,
      signal: new AbortController().signal,
      prepareForHttp: async () => undefined,
      crashTellers: new Set<never>(),
    };
    const exitCode = await carryOut(words, shell, () => undefined);
    return { exitCode, signal: null, stdout: stdout.text, stderr: stderr.text };
  }

  /** Runs the command and reads the one JSON document on its stdout. */
  json(words: readonly string[], options: CliOptions = {}): Promise<JsonEnd> {
    return documentOf(this.start(words, options));
  }

  /** Carries a command out within this process, and reads the one JSON document on its stdout. */
  jsonInside(words: readonly string[], options: InsideOptions = {}): Promise<JsonEnd> {
    return documentOf({ end: this.inside(words, options) });
  }

  /** Ends everything that was started, and all that this has started in turn. */
  async dispose(): Promise<void> {
    for (const [child, exit] of this.#children) {
      child.kill("SIGKILL");
      await exit;
    }
    await this.#endDetached();
    await this.gateway.stop().catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** One that was still starting may have become the gateway only now, so it is looked again until none is left. */
  async #endDetached(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      if (existsSync(join(this.handoffDir, ".gateway"))) await this.inside(["gateway", "stop"]);
      const left = processesNaming(this.folder);
      if (left.length === 0) return;
      if (performance.now() > deadline)
        throw new Error(`processes left behind: ${left.map(({ words }) => words).join("; ")}`);
      for (const { pid } of left) signalIfThere(pid);
      await sleep(5);
    }
  }
}

/** A stream that nobody reads before its end. */
class KeptOutput implements Writer {
  readonly isTerminal = false;
  readonly loss = null;
  readonly isAbandoned = false;
  text = "";
  readonly write = (text: string): void => void (this.text += text);
}

/** What a running command answers at its end. */
export async function documentOf({ end }: { readonly end: Promise<CliEnd> }): Promise<JsonEnd> {
  const { exitCode, stdout, stderr } = await end;
  const document: Outcome = JSON.parse(stdout);
  return { exitCode, document, stderr };
}

/** Its end, whoever may still hold its streams. */
function hasLeft(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve) =>
    child.once("exit", () => resolve()).once("error", () => resolve()),
  );
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
