import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { attemptFileName, runPaths } from "../../src/handoff/paths.ts";
import { buildHookPayload } from "../../src/gateway/hook.ts";
import { messageHeader } from "../../src/run/sending/prompt-header.ts";

/** One task for an agent of the gateway under test. */
export interface Task {
  readonly runId: string;
  readonly path: string;
  /** The call as our client makes it. */
  call(options?: { isHeld?: boolean; timeoutSeconds?: number }): {
    key: string;
    body: ReturnType<typeof buildHookPayload> & Readonly<Record<string, unknown>>;
  };
  /** Ends the thinking of an agent that was told `FAKE:until=go`. */
  letGo(): Promise<void>;
  /** Waits for the whole file. */
  handoff(): Promise<unknown>;
}

/** Makes a run's folder, and a task in our format with words that steer the agent. */
export async function createTask(
  { handoffDir, agentId }: { readonly handoffDir: string; readonly agentId: string },
  words: string,
): Promise<Task> {
  const runId = `conform-${randomUUID()}`;
  const { folder } = runPaths(handoffDir, runId);
  await mkdir(folder, { mode: 0o700 });
  const path = `${folder}/${attemptFileName(1)}`;
  const message = `${messageHeader({ runId, handoffPath: path })}\nYou are ${agentId}.\n${words}\n`;
  return {
    runId,
    path,
    call({ isHeld = false, timeoutSeconds = 3_600 } = {}) {
      const idempotencyKey = `${runId}.1`;
      const call = {
        message,
        agentId,
        timeoutSeconds,
        idempotencyKey,
        deliver: null,
        sessionKey: null,
      };
      return { key: idempotencyKey, body: { ...buildHookPayload(call, isHeld) } };
    },
    letGo: () => writeFile(`${folder}/go`, ""),
    handoff: () => readWhenWhole(path),
  };
}

async function readWhenWhole(path: string): Promise<unknown> {
  for (;;) {
    try {
      return JSON.parse(await readFile(path, "utf8"));
    } catch {
      await sleep(20);
    }
  }
}
