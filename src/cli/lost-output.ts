import type { Command } from "./command.ts";
import { reportFailure } from "./report.ts";
import type { Shell } from "./shell.ts";

const lossWords: Readonly<Record<string, string>> = {
  ENOSPC: "no space left where it goes",
  EDQUOT: "the disk quota is used up where it goes",
  EFBIG: "the file that it goes to can't grow any more",
};

const againWords: Readonly<Partial<Record<Command["name"], string>>> = {
  delegate: "delegate list shows the run, delegate wait <runId> prints its outcome",
  wait: "delegate list shows the run, delegate wait <runId> prints its outcome",
  flow: "delegate flow list shows the flow run, delegate flow wait <id> prints its outcome",
};

/** Tells that an output is cut off, as by a full disk, which must not look like a success; the value is the exit code. */
export function reportLostOutput(
  code: string,
  { name }: Command,
  exitCode: number,
  shell: Shell,
): number {
  const again = againWords[name] ?? "call the command again";
  const lossCode = reportFailure(
    {
      code: "storage_failed",
      message: `stdout could not be written to its end: ${lossWords[code] ?? code}`,
      hint: `make room, or send the output elsewhere; then ${again}`,
    },
    shell,
  );
  return exitCode === 0 ? lossCode : exitCode;
}
