import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A call that no agent has answered yet. */
export interface Unanswered {
  readonly runId: string;
  readonly handoffPath: string;
}

/** What the benchmark's gateway tells of itself. */
export interface GatewayState {
  readonly admitted: number;
  readonly held: number;
  readonly unanswered: readonly Unanswered[];
}

/** The gateway of the benchmark, in a process of its own. */
export interface BenchGateway {
  readonly origin: string;
  readonly state: () => Promise<GatewayState>;
  /** Lets the agents answer everything that is unanswered. */
  readonly release: () => Promise<void>;
  /** Leaves everything that is unanswered so. */
  readonly forget: () => Promise<void>;
  readonly stop: () => void;
}

/** Starts the gateway, and resolves when it listens. */
export async function startGateway(): Promise<BenchGateway> {
  const path = fileURLToPath(new URL("gateway.ts", import.meta.url));
  const child = spawn(process.execPath, [path], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const origin = String(line).trim();
  return {
    origin,
    state: async () => {
      const state: GatewayState = JSON.parse(await (await fetch(`${origin}/state`)).text());
      return state;
    },
    release: async () => void (await fetch(`${origin}/release`, { method: "POST" })),
    forget: async () => void (await fetch(`${origin}/forget`, { method: "POST" })),
    stop: () => child.stdin.end(),
  };
}

/** A folder with a config whose agents are behind the gateway. */
export class Project {
  readonly folder: string;

  constructor(origin: string) {
    this.folder = mkdtempSync(join(tmpdir(), "delegate-bench-"));
    const agent = { url: origin, token: { file: "token" } };
    const config = { agents: { prompt: agent, silent: agent } };
    this.#write("token", "a-token-of-the-benchmark");
    this.#write("delegate.config.json", JSON.stringify(config));
    mkdirSync(this.handoffDir, { mode: 0o700 });
  }

  get handoffDir(): string {
    return join(this.folder, "handoffs");
  }

  get tokenFile(): string {
    return join(this.folder, "token");
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content, { mode: 0o600 });
  }
}
