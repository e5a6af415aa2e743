import { attemptOfFileName, runIdPattern } from "../../handoff/paths.ts";

/** What the first two lines of a message say. */
export interface MessageHeader {
  readonly runId: string;
  /** The handoff file, as the agent sees it. */
  readonly handoffPath: string;
}

/**
 * The first two lines of every message: the run, and right below the handoff file alone on its line, so that it is
 * the first path ending in `.json` whatever the task mentions.
 */
export function messageHeader({ runId, handoffPath }: MessageHeader): string {
  return `[ORCHESTRATED TASK — run_id: ${runId}]\n${handoffPath}\n`;
}

/** Reads the header of a message back, or null when the message is not one of ours. */
export function readMessageHeader(message: string): MessageHeader | null {
  const match = /^\[ORCHESTRATED TASK \u2014 run_id: (\S+)\]\n(\/[^\n]+)\n/.exec(message);
  const [, runId, handoffPath] = match ?? [];
  if (runId === undefined || handoffPath === undefined || !runIdPattern.test(runId)) return null;
  const name = handoffPath.slice(handoffPath.lastIndexOf("/") + 1);
  return attemptOfFileName(name) === null ? null : { runId, handoffPath };
}
