import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlowState } from "../src/flows/flow-run.ts";
import { loadEvaluator } from "../src/flows/expression/load-evaluator.ts";
import type { FlowStore } from "../src/flows/store.ts";
import { openPostgresStore } from "../src/flows/store/postgres/postgres-store.ts";
import { Secret } from "../src/secret.ts";
import { approve, flow, request, run } from "../test/flows/conformance/flows.ts";
import { launcher } from "./commands.ts";
import { nowMs } from "./measure.ts";
import { valueOf } from "./value-of.ts";

const PATIENCE_MS = 300_000;

/** Flow runs in a Postgres that wait for an approval, and one `delegate worker` that is there for them. */
export class WaitingFlows {
  readonly #folder: string;
  readonly #store: FlowStore;
  readonly worker: ChildProcess;

  private constructor(folder: string, store: FlowStore, worker: ChildProcess) {
    this.#folder = folder;
    this.#store = store;
    this.worker = worker;
  }

  /** Resolves when all of them wait. */
  static async start(url: string, count: number): Promise<WaitingFlows> {
    const folder = mkdtempSync(join(tmpdir(), "delegate-bench-"));
    const config = { store: { postgres: { env: "DATABASE_URL" } } };
    writeFileSync(join(folder, "delegate.config.json"), JSON.stringify(config));
    const address = { url: new Secret(url), name: "DATABASE_URL" };
    const store = valueOf(await openPostgresStore({ address, loadEvaluator, agents: null }));
    const worker = spawn(process.execPath, [launcher, "worker", "--quiet"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DATABASE_URL: url },
    });
    const flows = new WaitingFlows(folder, store, worker);
    for (let at = 0; at < count; at += 1)
      valueOf(await store.create(request(idOf(at), released, folder)));
    for (let at = 0; at < count; at += 1) await flows.#untilWaiting(at);
    return flows;
  }

  /** Milliseconds from an approval until the step behind it is done. */
  async approve(at: number): Promise<number> {
    const { tasks } = await this.#untilWaiting(at);
    const task = tasks.get("ok");
    const digest =
      task?.status === "waiting" && task.waiting.kind === "approval" ? task.waiting.digest : "";
    const decision = { kind: "approved", by: "bob", note: null, digest } as const;
    const startedAt = nowMs();
    valueOf(await this.#store.signal(idOf(at), { kind: "decide", key: "ok", decision }));
    await this.#until(at, ({ end }) => end !== null);
    return nowMs() - startedAt;
  }

  async stop(): Promise<void> {
    const ended = once(this.worker, "exit");
    this.worker.kill("SIGTERM");
    await ended;
    await this.#store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #untilWaiting(at: number): Promise<FlowState> {
    return this.#until(at, ({ tasks }) => tasks.get("ok")?.status === "waiting");
  }

  async #until(at: number, isSo: (state: FlowState) => boolean): Promise<FlowState> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const state = valueOf(await this.#store.read(idOf(at)));
      if (state === null || patience.aborted) throw new Error(`${idOf(at)} does not go on`);
      if (isSo(state)) return state;
      await this.#store.changed(patience);
    }
  }
}

const released = flow([approve("ok", "Release?"), run("release", "true", { needs: ["ok"] })]);

function idOf(at: number): string {
  return `f${at}`;
}
