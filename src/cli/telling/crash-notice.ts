import type { Command } from "../command.ts";
import { isToldInTelegram } from "./notice.ts";
import { subjectOfRun } from "./notice-subject.ts";
import { chooseNotifiers } from "./notify.ts";
import { openStatusSink } from "./open-status-sink.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";
import { Bot } from "../../telegram/bot.ts";
import { readTelegramSettings } from "./telegram-settings.ts";

/** Tells those who are told of a run that we crashed over it, for a few seconds at most. Never rejects. */
export async function tellOfCrash(
  detail: string,
  command: Command & { name: "delegate" | "wait" },
  shell: Shell,
): Promise<void> {
  try {
    if (shell.crashTellers.size > 0) {
      await Promise.all(
        [...shell.crashTellers].map((tell) => tell(`${nameOf(command)}: ${detail}`)),
      );
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
    const openBot = (): Promise<Bot> => Bot.open(settings.value);
    const silent = { warn: () => undefined, onAsking: () => undefined, openBot };
    const sink = openStatusSink(settings.value, config.value, shell, silent);
    sink.reportCrash(`${nameOf(command)}: ${detail}`, runId);
    await sink.close();
  } catch {
    // What brought us down may do so again here, and has been told on stderr.
  }
}

function nameOf(command: Command & { name: "delegate" | "wait" }): string {
  return command.name === "wait" ? `delegate wait ${command.runId}` : `delegate ${command.agent}`;
}
