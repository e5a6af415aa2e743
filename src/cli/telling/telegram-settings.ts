import type { Config } from "../../config/config.ts";
import { readSecret } from "../../config/token.ts";
import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { TelegramSettings } from "../../telegram/settings.ts";
import { TELEGRAM_API_ROOT } from "../../telegram/settings.ts";
import type { Shell } from "../shell.ts";

/** The config's bot with its token, which is read only now. */
export function readTelegramSettings(
  { telegram, path }: Config,
  { env }: Pick<Shell, "env">,
): Result<TelegramSettings> {
  if (telegram === null)
    return failure({
      code: "config_invalid",
      message: `${path} names no Telegram bot`,
      hint: 'add "telegram" with the bot\'s token and a chatId, or leave --notify out',
    });
  const token = readSecret(telegram.token, env, "the Telegram bot's token");
  if (!token.ok)
    return failure({ ...token.failure, message: `Telegram: ${token.failure.message}` });
  return success({
    ...telegram,
    token: token.value,
    apiRoot: telegram.apiRoot ?? TELEGRAM_API_ROOT,
  });
}
