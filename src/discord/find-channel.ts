import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { readChannel, readGuild, isId } from "./channels.ts";
import type { Channel, Guild } from "./channels.ts";
import { cleanLine } from "./clean-text.ts";
import type { DiscordClient } from "./client.ts";
import {
  ambiguousName,
  otherGuild,
  troubleFailure,
  unexpectedAnswer,
  unknownName,
  withoutMessages,
} from "./failures.ts";
import type { ChannelSubject } from "./failures.ts";
import { objectsOf, textIn } from "../json/fields.ts";
import { bareName, matchChannel, serversMeant } from "./match-channel.ts";
import type { PlacedChannel } from "./match-channel.ts";

/** Which channel is looked for, and where. */
export interface Search {
  readonly client: DiscordClient;
  readonly subject: ChannelSubject;
  /** A name or an id. */
  readonly wanted: string;
  /** The only server to look at, or null for all that the bot is in. */
  readonly guildId: string | null;
}

/** Finds a channel by its id, or by its name in the bot's servers. */
export async function findChannel(search: Search): Promise<Result<Channel>> {
  const id = bareName(search.wanted);
  return isId(id) ? findById(search, id) : findByName(search);
}

async function findById(
  { client, subject, guildId }: Search,
  id: string,
): Promise<Result<Channel>> {
  const reply = await client.get(`/channels/${id}`);
  if (reply.kind !== "answered") return failure(troubleFailure(reply, subject));
  const channel = readChannel(reply.body);
  if (channel === null) return failure(unexpectedAnswer(subject, "channel"));
  if (!channel.holdsMessages) return failure(withoutMessages(subject.channelName));
  return guildId !== null && channel.guildId !== guildId
    ? failure(otherGuild(subject.channelName))
    : success(channel);
}

async function findByName(search: Search): Promise<Result<Channel>> {
  const places = await listPlaces(search);
  if (!places.ok) return places;
  const name = cleanLine(bareName(search.wanted), 100);
  const match = matchChannel(search.wanted, places.value);
  switch (match.kind) {
    case "found":
      return success(match.place.channel);
    case "ambiguous":
      return failure(ambiguousName(name, match.places));
    case "without_messages":
      return failure(withoutMessages(search.subject.channelName));
    case "unknown":
      return failure(unknownName(name, match.suggestion, places.value));
  }
}

async function listPlaces(search: Search): Promise<Result<readonly PlacedChannel[]>> {
  const guilds = await listGuilds(search);
  if (!guilds.ok) return guilds;
  const meant = serversMeant(search.wanted, guilds.value);
  const places: PlacedChannel[] = [];
  for (let first = 0; first < meant.length; first += GUILDS_AT_ONCE) {
    const some = meant.slice(first, first + GUILDS_AT_ONCE);
    const lists = await Promise.all(some.map((guild) => listChannels(search, guild)));
    for (const list of lists) {
      if (!list.ok) return list;
      places.push(...list.value);
    }
  }
  return success(places);
}

/** Discord takes 50 requests a second; there is no use in more connections than this. */
const GUILDS_AT_ONCE = 8;

/** As many as Discord gives at once. */
const GUILDS_PER_PAGE = 200;

async function listGuilds({ client, subject, guildId }: Search): Promise<Result<readonly Guild[]>> {
  if (guildId !== null) return success([{ id: guildId, name: guildId }]);
  const guilds: Guild[] = [];
  for (;;) {
    const last = guilds.at(-1);
    const reply = await client.get("/users/@me/guilds", {
      limit: String(GUILDS_PER_PAGE),
      ...(last === undefined ? {} : { after: last.id }),
    });
    if (reply.kind !== "answered") return failure(troubleFailure(reply, subject));
    if (!Array.isArray(reply.body)) return failure(unexpectedAnswer(subject, "list of servers"));
    const page = objectsOf(reply.body).flatMap((fields) => readGuild(fields) ?? []);
    guilds.push(...page);
    if (page.length < GUILDS_PER_PAGE) return success(guilds);
  }
}

async function listChannels(
  { client, subject }: Search,
  guild: Guild,
): Promise<Result<readonly PlacedChannel[]>> {
  const reply = await client.get(`/guilds/${guild.id}/channels`);
  if (reply.kind !== "answered") return failure(troubleFailure(reply, subject));
  if (!Array.isArray(reply.body)) return failure(unexpectedAnswer(subject, "list of channels"));
  return success(
    reply.body.flatMap((fields) => {
      const channel = readChannel(fields);
      if (channel === null || channel.name === null) return [];
      return { guild, channel: { ...channel, name: channel.name, guildId: guild.id } };
    }),
  );
}

/** Names by id out of a server's list of channels or roles; none when it can't be had: a message can be read without. */
export async function listNames(
  client: DiscordClient,
  path: `/${string}`,
): Promise<ReadonlyMap<string, string>> {
  const reply = await client.get(path);
  const items = reply.kind === "answered" ? objectsOf(reply.body) : [];
  return new Map(items.map((item) => [textIn(item, "id"), cleanLine(textIn(item, "name"), 100)]));
}
