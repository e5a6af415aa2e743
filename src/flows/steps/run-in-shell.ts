import { setTimeout as sleep } from "node:timers/promises";
import { OUTPUT_AFTER_EXIT_MS } from "../../local/output-reader.ts";
import { endProcesses, listProcesses, signalProcess } from "../../local/process-tree.ts";
import { shellScript } from "./shell-line.ts";
import type { ShellPool } from "./shell-pool.ts";
import type { ReadyShell, StandbyShell } from "./standby-shell.ts";
import { EXIT_CODE_OF_KILL, GRACE_MS } from "./started-command.ts";
import type { CommandPlan, StartedCommand } from "./started-command.ts";

/** What short commands print is taken when they have ended; only longer ones are followed. */
const FIRST_LOOK_MS = 20;
const LOOK_AGAIN_MS = 20;

/** Begins a command in a shell of the pool, which has it back afterwards. Null when a shell can't be told this command. */
export function runInShell(
  plan: CommandPlan,
  ready: ReadyShell,
  pool: ShellPool,
): StartedCommand | null {
  const script = shellScript(plan, ready.shell.pipes);
  if (script === null) return null;
  let ending: Promise<void> | null = null;
  const end = (): Promise<void> =>
    (ending ??= endProcesses((signal) => signalAll(plan.marker, ready.shell, signal), GRACE_MS));
  return { exitCode: follow(plan, ready, script, end, pool), end };
}

async function follow(
  plan: CommandPlan,
  ready: ReadyShell,
  script: string,
  end: () => Promise<void>,
  pool: ShellPool,
): Promise<number> {
  const { readers } = ready;
  const answer = ready.shell.run(script);
  const isShort = await isThereWithin(FIRST_LOOK_MS, answer);
  const followers = isShort
    ? []
    : [readers.stdout.follow(plan.stdout), readers.stderr.follow(plan.stderr)];
  const exitCode = await answer;
  for (const follower of followers) await follower.stop();
  // With the shell something has ended that was not ours to know.
  if (exitCode === null) await end();
  pool.giveBack(ready, await takeLastOutput(plan, ready));
  return exitCode ?? EXIT_CODE_OF_KILL;
}

/** False when somebody who outlives the command still could print. */
async function takeLastOutput(
  { stdout, stderr }: CommandPlan,
  { readers }: ReadyShell,
): Promise<boolean> {
  for (let leftMs = OUTPUT_AFTER_EXIT_MS; ; leftMs -= LOOK_AGAIN_MS) {
    const states = [await readers.stdout.drain(stdout), await readers.stderr.drain(stderr)];
    if (!states.includes("open")) return true;
    if (leftMs <= 0) return false;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function isThereWithin(ms: number, answer: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  const isThere = await Promise.race([answer.then(() => true), late.promise]);
  clearTimeout(timer);
  return isThere;
}

/**
 * Signals what is marked, and what the shell is about to make out of itself; tells whether there was anything. The shell
 * itself is killed: it may not have begun the command yet, and would do so afterwards.
 */
function signalAll(marker: string, shell: StandbyShell, signal: NodeJS.Signals | 0): boolean {
  const [name = ""] = marker.split("=", 1);
  const members = listProcesses((candidate) => {
    if (candidate.pid === shell.pid) return !shell.isGone;
    if (candidate.has(marker)) return true;
    if (candidate.groupId !== shell.pid) return false;
    // With another mark it was left behind by an earlier command of the same shell.
    return !candidate.readEnvironment().some((variable) => variable.startsWith(`${name}=`));
  });
  for (const { pid } of members)
    signalProcess(pid, pid === shell.pid && signal !== 0 ? "SIGKILL" : signal);
  return members.length > 0;
}
