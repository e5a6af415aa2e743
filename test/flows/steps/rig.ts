import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Execute, Job, JobStop, StepEnd, Work } from "../../../src/flows/work.ts";
import type { Environment } from "../../../src/environment.ts";
import { listProcesses } from "../../../src/local/process-tree.ts";
import { signalIfThere } from "../../rig/left-processes.ts";
import { Rig } from "../../rig/rig.ts";
import { executeWith } from "./execute-with.ts";

const worker = new URL("fixtures/worker.ts", import.meta.url).pathname;

/** A step that is being carried out in this process. */
interface Going {
  readonly end: Promise<StepEnd>;
  stop(reason: JobStop): void;
  readonly words: readonly string[];
}

type WorkOf<K extends Work["kind"]> = Extract<Work, { kind: K }>;

/** A project whose steps a test carries out, in this process or in one that it may kill. */
export class StepRig {
  readonly project: Rig;
  readonly folder: string;
  readonly warnings: string[] = [];
  readonly #execute: Execute;
  readonly #workers: { readonly child: ChildProcess; readonly exit: Promise<unknown> }[] = [];
  #jobs = 0;

  private constructor(project: Rig) {
    this.project = project;
    this.folder = realpathSync(mkdtempSync(`${tmpdir()}/delegate-steps-`));
    this.#execute = executeWith(this.configPath, (message) => this.warnings.push(message));
  }

  static async create(config: object = {}, agent: object = {}): Promise<StepRig> {
    return new StepRig(await Rig.create(config, agent));
  }

  get configPath(): string {
    return `${this.project.folder}/delegate.config.json`;
  }

  /** One execution of a step; each is another step unless it says otherwise. */
  job(work: Work, more: Partial<Job> = {}): Job {
    this.#jobs += 1;
    const key = more.key ?? `step${this.#jobs}`;
    return {
      flowRunId: "01abc",
      cwd: this.folder,
      author: "anna",
      key,
      stepId: key,
      attempt: 1,
      runId: `01abc.${key}.1.1`,
      work,
      decision: null,
      ...more,
    };
  }

  start(job: Job): Going {
    const stop = new AbortController();
    const words: string[] = [];
    return {
      end: this.#execute(job, { signal: stop.signal, report: (said) => words.push(said) }),
      stop: (reason) => stop.abort(reason),
      words,
    };
  }

  carryOut(work: Work, more: Partial<Job> = {}): Promise<StepEnd> {
    return this.start(this.job(work, more)).end;
  }

  /** Carries out a job in another process. */
  startElsewhere(job: Job, env: Environment = {}): ChildProcess {
    const child = spawn(process.execPath, [worker, this.configPath, JSON.stringify(job)], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    this.#workers.push({ child, exit: once(child, "exit") });
    return child;
  }

  /** The processes that the commands of these steps have left. */
  processes(): readonly number[] {
    return listProcesses((candidate) =>
      candidate.readEnvironment().includes(`DELEGATE_CONFIG=${this.configPath}`),
    ).map(({ pid }) => pid);
  }

  async dispose(): Promise<void> {
    for (const { child, exit } of this.#workers) {
      child.kill("SIGKILL");
      await exit;
    }
    // Only now can nobody begin another one.
    for (const pid of this.processes()) signalIfThere(pid);
    await this.project.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A run step's work. */
export function command(
  line: string | readonly string[],
  more: Partial<WorkOf<"run">> = {},
): WorkOf<"run"> {
  return { kind: "run", command: line, cwd: null, env: {}, timeoutMs: null, ...more };
}

/** An agent step's work. */
export function task(more: Partial<WorkOf<"agent">> = {}): WorkOf<"agent"> {
  return {
    kind: "agent",
    agent: "worker",
    task: "Do it.",
    mode: "write",
    dataSchema: null,
    attempts: null,
    timeoutMs: 120_000,
    idleTimeoutMs: null,
    ...more,
  };
}

/** An approval's work. */
export function approval(more: Partial<WorkOf<"approve">> = {}): WorkOf<"approve"> {
  return {
    kind: "approve",
    message: "Commit it?",
    show: null,
    requiredApprovers: [],
    timeoutMs: null,
    ...more,
  };
}

/** A question's work. */
export function question(more: Partial<WorkOf<"ask">> = {}): WorkOf<"ask"> {
  return {
    kind: "ask",
    question: "How many?",
    options: [],
    answer: "number",
    foreman: null,
    timeoutMs: null,
    ...more,
  };
}
