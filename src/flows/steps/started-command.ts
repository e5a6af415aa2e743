import type { KeptOutput } from "./kept-output.ts";
import type { ShellCommand } from "./shell-line.ts";

/** A command that has been started. */
export interface StartedCommand {
  /** Its exit code, 128 and more for a signal; settles when nothing more of its output is taken. */
  readonly exitCode: Promise<number>;
  /** Ends it and all that it has started; settles when they are gone, or can't be ended. */
  readonly end: () => Promise<void>;
}

/** A command, and what takes its output. */
export interface CommandPlan extends ShellCommand {
  /** What it reads, or null for nothing. */
  readonly stdin: string | null;
  /** `NAME=value` in its environment and in that of all that it starts, and in no other. */
  readonly marker: string;
  /** Hears of the group of its processes, where they can be told only by that. */
  readonly onGroup: (groupId: number) => void;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
}

/** How long processes have between being asked to end and being ended. */
export const GRACE_MS = 2_000;

/** The exit code with which a shell tells of a signal. */
export const EXIT_CODE_OF_KILL = 137;
