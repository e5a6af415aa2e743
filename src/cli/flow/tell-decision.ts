import type { CommonOptions } from "../command.ts";
import { plainLine } from "../plain.ts";
import { reportJson } from "../report.ts";
import type { Shell } from "../shell.ts";
import { isTakenUp } from "./is-taken-up.ts";
import type { Flows } from "./open-flows.ts";
import type { GoodReply } from "./send-signal.ts";

/** What somebody has decided about a step. */
export interface ToldDecision {
  readonly flowRunId: string;
  readonly step: string;
  readonly decision: "approved" | "rejected" | "answered";
  readonly by: string;
  readonly [more: string]: string | null;
}

/** Tells that a decision counts, and who goes on with the flow run now; the value is the process's exit code. */
export async function tellDecision(
  told: ToldDecision,
  reply: GoodReply,
  options: CommonOptions & { readonly isJson: boolean },
  { store }: Flows,
  shell: Shell,
): Promise<number> {
  const { flowRunId, step, decision, by } = told;
  const already = reply.kind === "already";
  if (options.isJson) reportJson({ ...told, already }, shell);
  else {
    const words = reply.kind === "already" ? reply.message : `${step}: ${decision} by ${by}`;
    shell.stdout.write(`${plainLine(words)}\n`);
  }
  if (options.isQuiet || already || (await isTakenUp(flowRunId, step, store))) return 0;
  shell.stderr.write(
    `delegate: nobody goes on with the flow run now\n  to do: delegate flow wait ${flowRunId}\n`,
  );
  return 0;
}
