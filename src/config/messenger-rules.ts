import type { Problem } from "../failure.ts";
import { findApiRootTrouble } from "./api-root.ts";
import type { ApiRootTrouble } from "./api-root.ts";
import { escapePointer } from "../json/pointer.ts";
import { tokenFormAt } from "./shape.ts";
import type { WrittenBotToken, WrittenConfig } from "./written.ts";

/** Everything that is wrong with the bots of a config, and with who is told of runs. */
export function checkMessengers(config: WrittenConfig, hasBrokenTelegram: boolean): Problem[] {
  return [
    ...checkApiRoots(config),
    ...checkDiscordCallers(config),
    ...checkChats(config),
    ...(config.telegram === undefined && !hasBrokenTelegram ? complainOfNotify(config) : []),
  ];
}

function checkApiRoots({ discord, telegram }: WrittenConfig): Problem[] {
  return Object.entries({ discord, telegram }).flatMap(([service, written]) => {
    const trouble = written?.apiRoot === undefined ? null : findApiRootTrouble(written.apiRoot);
    return trouble === null ? [] : [{ at: `/${service}/apiRoot`, message: apiRootWords[trouble] }];
  });
}

/** Without the address itself, which may hold a password. */
const apiRootWords: Readonly<Record<ApiRootTrouble, string>> = {
  no_address: 'must be a web address like "https://proxy.example.com/api", without a query',
  credentials: 'must not contain a user or a password; use "token"',
  plain_http: "plain http would send the bot's token readable to another machine; use https",
};

function checkDiscordCallers({ discord }: WrittenConfig): Problem[] {
  return Object.entries(discord?.callers ?? {}).flatMap(([caller, { token, guildId }]) => {
    const at = `/discord/callers/${escapePointer(caller)}`;
    const server: Problem[] = /^\d{17,20}$/.test(guildId ?? "00000000000000000")
      ? []
      : [{ at: `${at}/guildId`, message: "must be the id of a Discord server, 17 to 20 digits" }];
    return [...checkBotToken(`${at}/token`, token), ...server];
  });
}

function checkBotToken(at: string, token: WrittenBotToken): Problem[] {
  const { env, file, openclaw, account } = token;
  const sources = [env, file, openclaw].filter((source) => source !== undefined);
  if (sources.length !== 1) return [{ at, message: tokenFormAt(at) }];
  return account !== undefined && openclaw === undefined
    ? [{ at: `${at}/account`, message: 'goes with "openclaw"' }]
    : [];
}

function checkChats({ telegram }: WrittenConfig): Problem[] {
  if (telegram === undefined) return [];
  const allowed = telegram.allowedChats ?? [];
  const named = [
    ["/telegram/chatId", telegram.chatId] as const,
    ...allowed.map((chat, index) => [`/telegram/allowedChats/${index}`, chat] as const),
  ];
  return named
    .filter(([, chat]) => !/^(-?[1-9]\d{0,19}|@[A-Za-z][A-Za-z0-9_]{3,31})$/.test(String(chat)))
    .map(([at]) => ({ at, message: "must be a chat's number, or @name of a public one" }));
}

function complainOfNotify(config: WrittenConfig): Problem[] {
  return notifyLists(config).flatMap(({ at, list }) =>
    list.includes("telegram")
      ? [{ at, message: 'needs "telegram" in this config, with the bot\'s token and the chat' }]
      : [],
  );
}

function notifyLists({ notify = [], agents = {}, callers = {} }: WrittenConfig) {
  return [
    { at: "/notify", list: notify },
    ...Object.entries({ agents, callers }).flatMap(([kind, owners]) =>
      Object.entries(owners).map(([name, owner]) => ({
        at: `/${kind}/${escapePointer(name)}/notify`,
        list: owner.notify ?? [],
      })),
    ),
  ];
}
