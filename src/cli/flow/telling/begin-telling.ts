import type { Config } from "../../../config/config.ts";
import { messageOf } from "../../../thrown.ts";
import type { TelegramSettings } from "../../../telegram/settings.ts";
import { plainLine } from "../../../text/plain.ts";
import type { Shell } from "../../shell.ts";
import { ToldFlows } from "./told-flows.ts";

/** Has a flow run told of from now on, by whichever process there is; the flow run goes on also when that can't be noted. */
export function beginTelling(
  flowRunId: string,
  settings: TelegramSettings,
  config: Config,
  shell: Shell,
): void {
  noting(shell, () => new ToldFlows(config).add(flowRunId, settings));
}

/** Has a flow run that goes on told of again, if it was before. */
export function goOnTelling(flowRunId: string, config: Config, shell: Shell): void {
  if (config.telegram === null) return;
  const told = new ToldFlows(config);
  if (told.isKnown(flowRunId)) noting(shell, () => told.reopen(flowRunId));
}

function noting({ stderr }: Shell, note: () => void): void {
  try {
    note();
  } catch (error) {
    const reason = messageOf(error);
    stderr.write(`delegate: Telegram: the flow run is not told of: ${plainLine(reason)}\n`);
  }
}
