import type { Crash } from "../../../telegram/outcome-text.ts";
import type { Command } from "../../command.ts";
import { sendCrash } from "../../telling/open-status-sink.ts";
import type { Shell } from "../../shell.ts";
import { configFor } from "../../shell.ts";
import { readTelegramSettings } from "../../telling/telegram-settings.ts";
import { ToldFlows } from "./told-flows.ts";

/** Tells those who are told of flow runs that we crashed while we carried some on, for a few seconds at most. Never rejects. */
export async function tellOfFlowCrash(
  { text, hint }: Crash,
  command: Command & { name: "flow" | "worker" },
  shell: Shell,
): Promise<void> {
  try {
    const config = configFor(shell, command);
    if (!config.ok || config.value.telegram === null) return;
    const settings = readTelegramSettings(config.value, shell);
    if (!settings.ok || new ToldFlows(config.value).list().length === 0) return;
    const crash = { text: `delegate ${nameOf(command)}: ${text}`, hint };
    await sendCrash(crash, null, settings.value, config.value, shell);
  } catch {
    // What brought us down may do so again here, and has been told on stderr.
  }
}

function nameOf(command: Command & { name: "flow" | "worker" }): string {
  return command.name === "flow" ? `flow ${command.action}` : command.name;
}
