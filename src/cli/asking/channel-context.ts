import { existsSync } from "node:fs";
import type { Config, DiscordCaller } from "../../config/config.ts";
import { DISCORD_API_ROOT } from "../../discord/api-root.ts";
import { readBotToken } from "../../discord/bot-token.ts";
import { fetchChannelContext } from "../../discord/fetch-channel.ts";
import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { runPaths } from "../../handoff/paths.ts";
import { prepare } from "../../run/prepare.ts";
import { leaveReasonOf } from "../../run/leave.ts";
import type { Ask } from "../../run/plan.ts";
import type { ContextText } from "../../run/prompt.ts";
import type { RunTools } from "../../run/ports.ts";
import type { ChannelWish } from "../command.ts";
import type { Shell } from "../shell.ts";

/**
 * Puts a channel's messages before everything else that an agent is given. Nobody is asked for them before it is clear
 * that the delegation is allowed, nor for a run that is there already.
 */
export async function withChannelContext(
  ask: Ask,
  wish: ChannelWish,
  tools: RunTools,
  shell: Shell,
): Promise<Result<Ask>> {
  const planned = await prepare(ask, tools);
  if (!planned.ok) return planned;
  const { runId } = planned.value.request;
  if (existsSync(runPaths(tools.config.handoffDir, runId).request)) return success(ask);
  const context = await readChannel(wish, ask.caller ?? "", tools.config, shell);
  return context.ok ? success({ ...ask, context: [context.value, ...ask.context] }) : context;
}

async function readChannel(
  { channel, count }: ChannelWish,
  caller: string,
  config: Config,
  { env, signal }: Shell,
): Promise<Result<ContextText>> {
  const bot = botOf(caller, config);
  if (!bot.ok) return bot;
  const { guildId } = bot.value;
  const token = await readBotToken(bot.value.token, env);
  if (!token.ok) return token;
  const context = await fetchChannelContext({
    token: token.value,
    apiRoot: config.discord?.apiRoot ?? DISCORD_API_ROOT,
    channel,
    count,
    ...(guildId === null ? {} : { guildId }),
    signal,
  });
  return !context.ok && signal.aborted && leaveReasonOf(signal) === "terminated"
    ? failure({ ...context.failure, code: "terminated" })
    : context;
}

function botOf(caller: string, { discord, path }: Config): Result<DiscordCaller> {
  const bot = discord?.callers[caller];
  return bot === undefined
    ? failure({
        code: "config_invalid",
        message: `${caller} has no Discord bot to read the channel with`,
        hint: `say where its token is: discord.callers.${caller}.token in ${path}`,
      })
    : success(bot);
}
