import type { Crash } from "../../telegram/outcome-text.ts";
import type { Command } from "../command.ts";
import { isToldInTelegram } from "./notice.ts";
import { subjectOfRun } from "./notice-subject.ts";
import { chooseNotifiers } from "./notify.ts";
import { sendCrash } from "./open-status-sink.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";
import { readTelegramSettings } from "./telegram-settings.ts";

/** Tells those who are told of a run that we crashed over it, for a few seconds at most. Never rejects. */
export async function tellOfCrash(
  { text, hint }: Crash,
  command: Command & { name: "delegate" | "wait" },
  shell: Shell,
): Promise<void> {
  try {
    const crash = { text: `${nameOf(command)}: ${text}`, hint };
    if (shell.crashTellers.size > 0) {
      await Promise.all([...shell.crashTellers].map((tell) => tell(crash)));
      return;
    }
    const config = configFor(shell, command);
    if (!config.ok) return;
    const { runId } = command;
    const isKnown = runId !== null && isToldInTelegram(runId, config.value);
    const chosen = chooseNotifiers({
      wish: command.notify,
      rules: config.value.notify,
      subject: command.name === "wait" ? subjectOfRun(command.runId, config.value) : command,
      earlier: isKnown ? ["telegram"] : [],
    });
    const settings = readTelegramSettings(config.value, shell);
    if (!chosen.includes("telegram") || !settings.ok) return;
    await sendCrash(crash, runId, settings.value, config.value, shell);
  } catch {
    // What brought us down may do so again here, and has been told on stderr.
  }
}

function nameOf(command: Command & { name: "delegate" | "wait" }): string {
  return command.name === "wait" ? `delegate wait ${command.runId}` : `delegate ${command.agent}`;
}
