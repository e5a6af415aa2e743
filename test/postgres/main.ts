import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { findPostgres } from "./find-postgres.ts";
import { SERVER_VARIABLE } from "./postgres-kind.ts";
import { PostgresServer } from "./postgres-server.ts";

// Starts a PostgreSQL of its own (and installs Debian's when there is none), runs the suites against it, stops it.
// Arguments are handed to vitest.

const root = resolve(import.meta.dirname, "..", "..");
const startedAt = performance.now();
const canceling = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => canceling.abort());

function say(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`postgres [${seconds.padStart(5)} s] ${line}\n`);
}

async function runSuites(server: string, signal: AbortSignal): Promise<boolean> {
  const config = join(import.meta.dirname, "vitest.config.ts");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--root", root, "--config", config, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      [SERVER_VARIABLE]: server,
      // Workers are started more than a hundred times.
      NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "delegate-compiled"),
    },
  });
  const stop = (): boolean => child.kill("SIGTERM");
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  const [code] = await once(child, "exit");
  return code === 0;
}

async function main(): Promise<number> {
  const server = await PostgresServer.start(findPostgres(say));
  try {
    say("PostgreSQL takes connections");
    const hasPassed = await runSuites(server.urlOf("postgres"), canceling.signal);
    say(canceling.signal.aborted ? "canceled" : hasPassed ? "passed" : "failed");
    if (canceling.signal.aborted) return 130;
    return hasPassed ? 0 : 1;
  } finally {
    await server.stop();
    say("PostgreSQL is stopped");
  }
}

process.exitCode = await main();
