import { endProcesses, listProcesses, signalProcess } from "../../src/local/process-tree.ts";
import type { ListedProcess } from "../../src/local/process-tree.ts";

/** The processes whose home is this folder or one below it; where there is no /proc, none is found. */
export function processesAtHomeIn(folder: string): ListedProcess[] {
  return listProcesses((candidate) =>
    candidate.readEnvironment().some((variable) => `${variable}/`.startsWith(`HOME=${folder}/`)),
  );
}

/** Ends them, for when a test was interrupted. */
export async function endProcessesAtHomeIn(folder: string): Promise<void> {
  await endProcesses((signal) => {
    const left = processesAtHomeIn(folder);
    for (const { pid } of left) signalProcess(pid, signal);
    return left.length > 0;
  }, 2000);
}
