import type { Failure } from "../failure.ts";
import { unreachable } from "../unreachable.ts";
import { cleanLine } from "./clean-text.ts";
import type { PlacedChannel } from "./match-channel.ts";
import { fullName } from "./match-channel.ts";
import type { DiscordTrouble } from "./reply.ts";

/** What the sentences below speak of. */
export interface ChannelSubject {
  readonly apiRoot: string;
  /** The channel as people know it: "#general" or its id. */
  readonly channelName: string;
}

/* The sentences for all that keeps a channel's messages away: what happened, and what to do about it. */

export function troubleFailure(trouble: DiscordTrouble, subject: ChannelSubject): Failure {
  switch (trouble.kind) {
    case "refused":
      return refusalFailure(trouble, subject);
    case "rate_limited":
      return rateLimited(trouble.retryAfterMs);
    case "sick":
      return unreached(
        `Discord is out of order: HTTP ${trouble.httpStatus}`,
        "try again in a while, or delegate without --channel-context",
      );
    case "not_discord":
      return unreached(
        `what answers at ${subject.apiRoot} is not Discord's API: ${trouble.reason}`,
        "correct the API root in the config, or look at the proxy in between",
      );
    case "not_reached":
      return unreached(
        `Discord can't be reached at ${subject.apiRoot}: ${cleanLine(trouble.reason, 200)}`,
        "check the network and the API root in the config, or delegate without --channel-context",
      );
    case "too_late":
      return unreached(
        `Discord gave the messages of ${subject.channelName} not within ${trouble.timeoutMs / 1000} s`,
        "try again, give the channel by its id, or delegate without --channel-context",
      );
    case "interrupted":
      return {
        code: "interrupted",
        message: `interrupted while reading ${subject.channelName} on Discord`,
        hint: "nothing was sent; run the same command again",
      };
    default:
      return unreachable(trouble);
  }
}

function refusalFailure(
  { httpStatus, code, reason }: DiscordTrouble & { kind: "refused" },
  { channelName }: ChannelSubject,
): Failure {
  if (httpStatus === 401) {
    return unauthorized(
      "Discord does not know the bot token",
      "put the bot's current token where the config says; the Developer Portal gives a new one under Bot, Reset Token",
    );
  }
  if (code === MISSING_ACCESS) {
    return unauthorized(
      `the bot may not see ${channelName} on Discord`,
      "give it the permission View Channel there; to a private channel, add the bot or its role",
    );
  }
  if (code === MISSING_PERMISSIONS) {
    return unauthorized(
      `the bot may not read ${channelName} on Discord`,
      "give it the permission Read Message History there, and Connect when it is a voice channel",
    );
  }
  if (code === UNKNOWN_CHANNEL) return unknownId(channelName);
  if (code === UNKNOWN_GUILD) {
    return usage(
      "the bot is in no Discord server with the configured id",
      "correct the server's id in the config, or invite the bot to that server",
    );
  }
  if (code === NO_TEXT_CHANNEL || code === WRONG_CHANNEL_TYPE) return withoutMessages(channelName);
  return {
    code: httpStatus === 403 ? "unauthorized" : "unreachable",
    message: `Discord refused to show ${channelName}: HTTP ${httpStatus}, ${cleanLine(reason, 200)}`,
    hint: "check that the bot may see the channel and read its history",
  };
}

/* Discord's own numbers. */
const UNKNOWN_CHANNEL = 10003;
const UNKNOWN_GUILD = 10004;
const MISSING_ACCESS = 50001;
const NO_TEXT_CHANNEL = 50008;
const MISSING_PERMISSIONS = 50013;
const WRONG_CHANNEL_TYPE = 50024;

function rateLimited(retryAfterMs: number | null): Failure {
  return retryAfterMs === null
    ? unreached(
        "Discord lets the bot ask no more for now",
        "try again in a while, or delegate without --channel-context",
      )
    : unreached(
        `Discord lets the bot ask again only in ${Math.ceil(retryAfterMs / 1000)} s`,
        "try again then, or delegate without --channel-context",
      );
}

export function unexpectedAnswer({ apiRoot }: ChannelSubject, what: string): Failure {
  return unreached(
    `what answers at ${apiRoot} is not Discord's API: no ${what} in its answer`,
    "correct the API root in the config, or look at the proxy in between",
  );
}

function unknownId(channelName: string): Failure {
  return usage(
    `there is no ${channelName} on Discord`,
    "copy the id again (right-click on the channel, Copy Channel ID), or give the channel's name",
  );
}

export function withoutMessages(channelName: string): Failure {
  return usage(
    `${channelName} holds no messages itself: it is a category or a forum`,
    "name a text channel, or the id of a post in the forum",
  );
}

export function unknownName(
  name: string,
  suggestion: string,
  places: readonly PlacedChannel[],
): Failure {
  const readable = places.filter(({ channel }) => channel.holdsMessages);
  const names = [...new Set(readable.map(({ channel }) => `#${channel.name}`))];
  const shown = names.slice(0, MAX_NAMES).join(", ");
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : "";
  return usage(
    `no Discord channel that the bot knows is called "${name}"${suggestion}`,
    names.length === 0
      ? "invite the bot to a server"
      : `give one of these names, or an id: ${shown}${more}`,
  );
}

export function ambiguousName(name: string, places: readonly PlacedChannel[]): Failure {
  const shown = places
    .slice(0, MAX_NAMES)
    .map((place) => `${fullName(place)} (${place.channel.id})`);
  const more = places.length > MAX_NAMES ? `, and ${places.length - MAX_NAMES} more` : "";
  return usage(
    `${places.length} Discord channels are called "${name}"`,
    `give the server's name or the id as well: ${shown.join(", ")}${more}`,
  );
}

export function otherGuild(channelName: string): Failure {
  return usage(
    `${channelName} is not in the configured Discord server`,
    "name a channel of that server, or correct the server's id in the config",
  );
}

/** Discord answers with an empty list, not with a refusal, when the history may not be read. */
export function noHistory(channelName: string): Failure {
  return unauthorized(
    `Discord gave no messages of ${channelName}, though there are some`,
    "give the bot the permission Read Message History there",
  );
}

/** Discord blanks what people write, and refuses nothing, when the bot may not see it. */
export function noContent(channelName: string, count: number): Failure {
  return unauthorized(
    `Discord gave ${count} messages of ${channelName}, but not what they say`,
    "turn on Message Content Intent for the bot: Developer Portal, Bot, Privileged Gateway Intents",
  );
}

export function wrongCount(count: number, most: number): Failure {
  return usage(
    `${count} messages of a channel are asked for`,
    `give --channel-messages a whole number from 1 to ${most}`,
  );
}

/** As many names as a line can bear. */
const MAX_NAMES = 10;

function usage(message: string, hint: string): Failure {
  return { code: "usage", message, hint };
}

function unauthorized(message: string, hint: string): Failure {
  return { code: "unauthorized", message, hint };
}

function unreached(message: string, hint: string): Failure {
  return { code: "unreachable", message, hint };
}
