import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import type { CommandAgent, Config, LocalGatewaySettings } from "../../src/config/config.ts";
import { ensureLocalGateway } from "../../src/local/ensure-gateway.ts";
import type { LocalGatewayAddress } from "../../src/local/find-gateway.ts";
import { gatewayPaths } from "../../src/local/gateway-paths.ts";
import type { GatewayLimits } from "../../src/local/limits.ts";
import { isProcessAlive } from "../../src/system/process-life.ts";
import { stopLocalGateway } from "../../src/local/stop-gateway.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import { messageHeader } from "../../src/run/sending/prompt-header.ts";
import { programPath } from "../rig/program-path.ts";

const entry = programPath(new URL("fixtures/gateway.ts", import.meta.url).pathname);
const launcher = new URL("fixtures/launcher.ts", import.meta.url).pathname;

export interface HttpReply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** A temp project with command agents and, on demand, their local gateway. */
export class Rig {
  readonly folder = realpathSync(mkdtempSync(`${tmpdir()}/delegate-local-`));
  readonly handoffDir = `${this.folder}/handoffs`;
  readonly configPath = `${this.folder}/config.json`;
  readonly limits: Partial<GatewayLimits>;
  config: Config;
  #address: LocalGatewayAddress | null = null;

  constructor(
    agents: Readonly<Record<string, Partial<CommandAgent>>>,
    gateway: Partial<LocalGatewaySettings> = {},
    limits: Partial<GatewayLimits> = {},
  ) {
    this.limits = limits;
    this.config = this.#configOf(agents, gateway);
    this.writeConfig(JSON.stringify(this.config));
  }

  writeConfig(text: string): void {
    writeFileSync(this.configPath, text);
  }

  #configOf(
    agents: Readonly<Record<string, Partial<CommandAgent>>>,
    gateway: Partial<LocalGatewaySettings>,
  ): Config {
    const entries = Object.entries(agents).map(([name, agent]): [string, CommandAgent] => [
      name,
      {
        kind: "command",
        name,
        command: ["true"],
        handoff: "file",
        prompt: "stdin",
        cwd: this.folder,
        env: {},
        preset: null,
        mode: "write",
        planCall: null,
        maxOutputBytes: 1024 * 1024,
        timeoutSeconds: null,
        ...agent,
      },
    ]);
    return {
      path: this.configPath,
      handoffDir: this.handoffDir,
      logDir: `${this.folder}/logs`,
      agents: Object.fromEntries(entries),
      timeoutSeconds: 3_600,
      retry: { attempts: 1, baseMs: 10, maxMs: 10 },
      watch: "notify",
      gateway: { maxConcurrent: 8, idleSeconds: 600, ...gateway },
      discord: null,
      telegram: null,
      notify: null,
      questions: null,
      flows: { dir: `${this.folder}/flows`, limits: { steps: 8, agents: {}, groups: {} } },
      store: null,
      acl: {},
      requireCaller: false,
      maxDepth: 3,
    };
  }

  get paths() {
    return gatewayPaths(this.config);
  }

  get startCommand(): string[] {
    return [process.execPath, entry, this.configPath, JSON.stringify(this.limits), launcher];
  }

  ensure(env: NodeJS.ProcessEnv = process.env) {
    return ensureLocalGateway({
      config: this.config,
      startCommand: this.startCommand,
      env,
      timeoutMs: PATIENCE_MS,
      isHealthy,
    });
  }

  async address(): Promise<LocalGatewayAddress> {
    if (this.#address === null || !isProcessAlive(this.#address.pid)) {
      const found = await this.ensure();
      if (!found.ok) throw new Error(found.failure.message);
      this.#address = found.value;
    }
    return this.#address;
  }

  /** Makes a run's folder and the message for its first attempt. */
  newRun(runId: string, task = "do it"): { handoffPath: string; message: string } {
    mkdirSync(`${this.handoffDir}/${runId}`, { recursive: true, mode: 0o700 });
    const handoffPath = `${this.handoffDir}/${runId}/attempt-1.json`;
    return { handoffPath, message: `${messageHeader({ runId, handoffPath })}\n${task}` };
  }

  async post(
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const { origin, token } = await this.address();
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const authorization = `Bearer ${token.reveal()}`;
    const reply = await send(`${origin}/hooks/agent`, {
      method: "POST",
      headers: { authorization, ...headers },
      body: text,
    });
    return { status: reply.status, json: JSON.parse(reply.text) };
  }

  /** Runs an agent to its end and gives what lies in the handoff file. */
  async run(
    agentId: string,
    runId: string,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<{ completion: unknown; handoff: Record<string, unknown> | null }> {
    const { handoffPath, message } = this.newRun(runId);
    const reply = await this.post({ agentId, message, waitForCompletion: true, ...more });
    const completion = reply.json["completion"];
    const status =
      typeof completion === "object" && completion !== null && "status" in completion
        ? completion.status
        : reply;
    return { completion: status, handoff: readJson(handoffPath) };
  }

  log(): string {
    return readFileSync(this.paths.log, "utf8");
  }

  async dispose(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    let left: readonly string[];
    do {
      // Stopped each time: one that was still starting may have become the gateway since.
      const stopped = await stopLocalGateway(this.config, PATIENCE_MS);
      if (!stopped.ok) throw new Error(stopped.failure.message);
      left = await this.processesLeft();
    } while (left.length > 0 && performance.now() < deadline);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    if (left.length > 0) throw new Error(`processes left behind:\n${left.join("\n")}`);
  }

  /** All processes whose command line or environment names this rig's folder: pid, state, age in seconds, command. */
  async processesLeft(): Promise<readonly string[]> {
    const columns = "pid=,stat=,etimes=,command=";
    const { stdout } = await promisify(execFile)("ps", ["axeww", "-o", columns]);
    return stdout
      .split("\n")
      .filter((line) => line.includes(this.folder) && !/^\s*\d+\s+Z/.test(line));
  }
}

export function readJson(path: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

export async function isHealthy(origin: string): Promise<boolean> {
  try {
    return (await send(`${origin}/healthz`, {})).status === 200;
  } catch {
    return false;
  }
}

export function send(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  },
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, body } = options;
    const call = request(url, { method, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece: string) => {
        text += piece;
      });
      answer.once("error", reject);
      answer.once("end", () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    call.once("error", reject);
    call.end(body);
  });
}

/** Waits for what comes about by itself; a wait without end is the test's own time limit. */
export async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
