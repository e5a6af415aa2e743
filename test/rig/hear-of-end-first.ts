import { spawn } from "node:child_process";
import { once } from "node:events";
import { block } from "../../src/system/block.ts";
import { isProcessAlive } from "../../src/system/process-life.ts";

/** Lets a process end, hears of its end before its last output, and then comes to nothing else for a while. */
export async function hearOfEndFirst(
  pid: number,
  letEnd: () => void,
  heldUpMs: number,
): Promise<void> {
  const other = spawn("echo", ["the other"], { stdio: ["ignore", "pipe", "ignore"] });
  other.stdout.once("data", () => {
    // The end of the other one, heard of in this same turn, has all ends looked for; output comes only in the next turn.
    letEnd();
    blockWhileAlive(pid);
    setImmediate(() => block(heldUpMs));
  });
  const exit = once(other, "exit");
  if (other.pid !== undefined) blockWhileAlive(other.pid);
  await exit;
}

function blockWhileAlive(pid: number): void {
  const untilMs = performance.now() + 60_000;
  while (isProcessAlive(pid) && performance.now() < untilMs) block(1);
}
