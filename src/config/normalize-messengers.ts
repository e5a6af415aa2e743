import type {
  BotTokenSource,
  Config,
  DiscordConfig,
  TelegramConfig,
  TokenSource,
} from "./config.ts";
import { dictionary } from "./dictionary.ts";
import type { AgentEntry } from "./merge.ts";
import type { NotifyRules } from "./notify.ts";
import type { WrittenBotToken, WrittenConfig } from "./written.ts";

type ResolvePath = (path: string) => string;

/** A week. */
const DEFAULT_WAIT_HOURS = 168;

/** The bots of a config, and who is told of runs; null for what it does not mention. */
export function normalizeMessengers(
  written: WrittenConfig,
  agents: readonly AgentEntry[],
  resolvePath: ResolvePath,
): Pick<Config, "discord" | "telegram" | "notify"> {
  return {
    discord: normalizeDiscord(written, resolvePath),
    telegram: normalizeTelegram(written, resolvePath),
    notify: normalizeNotify(written, agents),
  };
}

/** The source with an absolute path. */
export function normalizeToken(token: TokenSource, resolvePath: ResolvePath): TokenSource {
  return "file" in token ? { file: resolvePath(token.file) } : token;
}

function normalizeDiscord(
  { discord }: WrittenConfig,
  resolvePath: ResolvePath,
): DiscordConfig | null {
  if (discord === undefined) return null;
  const callers = Object.entries(discord.callers ?? {}).flatMap(([caller, written]) => {
    const token = normalizeBotToken(written.token, resolvePath);
    return token === null ? [] : [[caller, { token, guildId: written.guildId ?? null }] as const];
  });
  return { apiRoot: discord.apiRoot ?? null, callers: dictionary(callers) };
}

function normalizeBotToken(
  { env, file, openclaw, account }: WrittenBotToken,
  resolvePath: ResolvePath,
): BotTokenSource | null {
  if (env !== undefined) return { env };
  if (file !== undefined) return { file: resolvePath(file) };
  if (openclaw === undefined) return null;
  return { openclaw: resolvePath(openclaw), ...(account === undefined ? {} : { account }) };
}

function normalizeTelegram(
  { telegram }: WrittenConfig,
  resolvePath: ResolvePath,
): TelegramConfig | null {
  if (telegram === undefined) return null;
  return {
    token: normalizeToken(telegram.token, resolvePath),
    apiRoot: telegram.apiRoot?.replace(/\/+$/, "") ?? null,
    chatId: telegram.chatId,
    threadId: telegram.threadId ?? null,
    allowedChats: telegram.allowedChats ?? [telegram.chatId],
    waitHours: telegram.waitHours ?? DEFAULT_WAIT_HOURS,
  };
}

function normalizeNotify(
  { notify, callers = {} }: WrittenConfig,
  agents: readonly AgentEntry[],
): NotifyRules | null {
  const byAgent = agents.flatMap(({ name, written }) =>
    written.notify === undefined ? [] : [[name, written.notify] as const],
  );
  const byCaller = Object.entries(callers).flatMap(([name, caller]) =>
    caller.notify === undefined ? [] : [[name, caller.notify] as const],
  );
  if (notify === undefined && byAgent.length === 0 && byCaller.length === 0) return null;
  return {
    otherwise: notify ?? [],
    byAgent: dictionary(byAgent),
    byCaller: dictionary(byCaller),
  };
}
