import { unreachable } from "../../unreachable.ts";
import type { HandoffCommand } from "../command.ts";
import type { Shell } from "../shell.ts";
import { runHandoffAsk } from "./handoff-ask.ts";
import { runHandoffCheck } from "./handoff-check.ts";
import { runHandoffProgress } from "./handoff-progress.ts";
import { runHandoffSubmit } from "./handoff-submit.ts";

/** `delegate handoff …`: what agents do with handoffs. */
export async function runHandoff(command: HandoffCommand, shell: Shell): Promise<number> {
  switch (command.action) {
    case "check":
      return runHandoffCheck(command, shell);
    case "submit":
      return runHandoffSubmit(command, shell);
    case "progress":
      return runHandoffProgress(command, shell);
    case "ask":
      return runHandoffAsk(command, shell);
    default:
      return unreachable(command);
  }
}
