import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { agentTools } from "./catalog.ts";
import { installTool } from "./install.ts";
import { endProcessesAtHomeIn } from "./leftovers.ts";
import { withoutNetwork } from "./network.ts";
import { rigEnvironment } from "./rig.ts";
import type { Rig } from "./rig.ts";

// Installs real command-line agents into a cache folder and delegates to them through the built command, with a stand-in
// for their models. Words before `--` name the agents, all without; what follows goes to vitest. DELEGATE_CACHE_DIR names
// another cache folder.

const root = resolve(import.meta.dirname, "..", "..");
const startedAt = performance.now();
const canceling = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => canceling.abort());

function say(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`agents [${seconds.padStart(5)} s] ${line}\n`);
}

function splitArguments(words: readonly string[]): { names: string[]; forVitest: string[] } {
  const at = words.indexOf("--");
  const names = words.slice(0, at === -1 ? words.length : at);
  return { names, forVitest: at === -1 ? [] : words.slice(at + 1) };
}

async function runSuite(rig: Rig, args: readonly string[], signal: AbortSignal): Promise<boolean> {
  const config = join(import.meta.dirname, "vitest.config.ts");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const isolation = withoutNetwork();
  say(isolation.length > 0 ? "delegating, with no network but loopback" : "delegating");
  const call = [process.execPath, vitest, "run", "--root", root, "--config", config, ...args];
  const [program = "", ...rest] = [...isolation, ...call];
  const child = spawn(program, rest, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...rigEnvironment(rig) },
  });
  const stop = (): boolean => child.kill("SIGTERM");
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  const [code] = await once(child, "exit");
  return code === 0;
}

async function main(): Promise<boolean> {
  const { signal } = canceling;
  const { names, forVitest } = splitArguments(process.argv.slice(2));
  const unknown = names.filter((name) => agentTools.every((tool) => tool.name !== name));
  if (unknown.length > 0) throw new Error(`no agents of this test: ${unknown.join(", ")}`);
  const tools = agentTools.filter(({ name }) => names.length === 0 || names.includes(name));
  const cache = resolve(process.env["DELEGATE_CACHE_DIR"] ?? join(root, ".cache"), "agents");
  say(
    `installing into ${cache}, unless they are there: ${tools.map(({ name }) => name).join(", ")}`,
  );
  await Promise.all(
    tools.map(async (tool) => {
      if (await installTool(tool, cache, signal)) say(`installed ${tool.name}`);
    }),
  );
  const folder = await realpath(await mkdtemp(join(temporaryParent(), "delegate-agents-")));
  try {
    const rig = { cache, folder, toolNames: tools.map(({ name }) => name) };
    return await runSuite(rig, forVitest, signal);
  } finally {
    await endProcessesAtHomeIn(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Not the usual one: codex may always write there. */
function temporaryParent(): string {
  return existsSync("/var/tmp") ? "/var/tmp" : tmpdir();
}

try {
  const hasPassed = await main();
  canceling.signal.throwIfAborted();
  say(hasPassed ? "passed" : "failed");
  process.exitCode = hasPassed ? 0 : 1;
} catch (reason) {
  const isCanceled = canceling.signal.aborted;
  say(isCanceled ? "canceled" : reason instanceof Error ? reason.message : String(reason));
  process.exitCode = isCanceled ? 130 : 1;
}
