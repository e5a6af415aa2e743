import type { Config } from "../../../config/config.ts";
import type { Result } from "../../../failure.ts";
import { success } from "../../../failure.ts";
import type { TelegramSettings } from "../../../telegram/settings.ts";
import type { NotifyWish } from "../../telling/notify.ts";
import { chooseNotifiers } from "../../telling/notify.ts";
import { plainLine } from "../../../text/plain.ts";
import type { Shell } from "../../shell.ts";
import { readTelegramSettings } from "../../telling/telegram-settings.ts";

/**
 * With which bot a flow run is to be told of, or null when it is not; a failure when the command line asks for it and it
 * can't be done.
 */
export function chooseTelling(
  wish: NotifyWish,
  author: string,
  config: Config,
  shell: Shell,
): Result<TelegramSettings | null> {
  const subject = { agent: null, caller: author };
  const chosen = chooseNotifiers({ wish, rules: config.notify, subject, earlier: [] });
  if (!chosen.includes("telegram")) return success(null);
  const settings = readTelegramSettings(config, shell);
  if (settings.ok || (wish !== "nobody" && wish.includes("telegram"))) return settings;
  shell.stderr.write(`delegate: ${plainLine(settings.failure.message)}\n`);
  return success(null);
}
