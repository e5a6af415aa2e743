import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import type { ContextText } from "../run/sending/prompt.ts";
import type { Secret } from "../secret.ts";
import { readApiRoot } from "./api-root.ts";
import { isId } from "./channels.ts";
import type { Channel } from "./channels.ts";
import { cleanLine } from "./clean-text.ts";
import { DiscordClient } from "./client.ts";
import { noContent, noHistory, troubleFailure, unexpectedAnswer, wrongCount } from "./failures.ts";
import type { ChannelSubject } from "./failures.ts";
import { findChannel, listNames } from "./find-channel.ts";
import { bareName } from "./match-channel.ts";
import { MAX_CHANNEL_MESSAGES } from "./message-count.ts";
import { mentionsPlaces } from "./mentions.ts";
import type { MentionNames } from "./mentions.ts";
import { readMessages } from "./messages.ts";
import type { Message } from "./messages.ts";
import { writeTranscript } from "./transcript.ts";

/** Which channel is read, as whom, and how much of it. */
export interface ChannelRequest {
  readonly token: Secret;
  /** Such as `https://discord.com/api`; a version at its end is dropped. */
  readonly apiRoot: string;
  /** "general", "#general", "server/general" or an id. */
  readonly channel: string;
  /** How many of the newest messages, 1 to {@link MAX_CHANNEL_MESSAGES}. */
  readonly count: number;
  /** The id of the only server to look at. */
  readonly guildId?: string;
  readonly signal: AbortSignal;
  /** Milliseconds for everything together. */
  readonly timeoutMs?: number;
}

/** Reads a channel's newest messages as context of a task; a failure stops the run before anything is sent. */
export async function fetchChannelContext(request: ChannelRequest): Promise<Result<ContextText>> {
  const { token, channel, count, guildId = null, signal, timeoutMs = 10_000 } = request;
  if (!Number.isInteger(count) || count < 1 || count > MAX_CHANNEL_MESSAGES) {
    return failure(wrongCount(count, MAX_CHANNEL_MESSAGES));
  }
  const apiRoot = readApiRoot(request.apiRoot);
  if (!apiRoot.ok) return apiRoot;
  const client = await DiscordClient.open({ token, apiRoot: apiRoot.value, timeoutMs, signal });
  const wanted = cleanLine(channel, 200);
  const subject = { apiRoot: apiRoot.value, channelName: nameForPeople(wanted) };
  const found = await findChannel({ client, subject, wanted, guildId });
  return found.ok ? readChannelContext(client, found.value, count, subject, token) : found;
}

async function readChannelContext(
  client: DiscordClient,
  channel: Channel,
  count: number,
  { apiRoot, channelName: asked }: ChannelSubject,
  token: Secret,
): Promise<Result<ContextText>> {
  const subject = { apiRoot, channelName: channel.name === null ? asked : `#${channel.name}` };
  const reply = await client.get(`/channels/${channel.id}/messages`, { limit: String(count) });
  if (reply.kind !== "answered") return failure(troubleFailure(reply, subject));
  if (!Array.isArray(reply.body)) return failure(unexpectedAnswer(subject, "list of messages"));
  const messages = readMessages(reply.body.slice(0, count)).toReversed();
  if (messages.length === 0 && channel.wasUsed) return failure(noHistory(subject.channelName));
  const { withheld, areAll } = countWithheld(messages);
  if (areAll) return failure(noContent(subject.channelName, withheld));
  const text = writeTranscript(messages, await lookUpNames(client, channel, messages));
  return success({
    name: `Discord channel ${channel.name === null ? channel.id : `#${channel.name}`} (untrusted)`,
    text: token.redact(text),
  });
}

/** How many messages of people came empty; some are shown all the same, such as those that mention the bot. */
function countWithheld(messages: readonly Message[]): { withheld: number; areAll: boolean } {
  const people = messages.filter(({ person }) => person !== null);
  const withheld = people.filter(({ person }) => person === "withheld").length;
  return { withheld, areAll: withheld > 0 && withheld === people.length };
}

async function lookUpNames(
  client: DiscordClient,
  { guildId }: Channel,
  messages: readonly Message[],
): Promise<MentionNames> {
  const mentions = mentionsPlaces(messages.map(({ text }) => text).join("\n"));
  const none: ReadonlyMap<string, string> = new Map();
  if (guildId === null) return { channels: none, roles: none };
  const [channels, roles] = await Promise.all([
    mentions.channels ? listNames(client, `/guilds/${guildId}/channels`) : none,
    mentions.roles ? listNames(client, `/guilds/${guildId}/roles`) : none,
  ]);
  return { channels, roles };
}

function nameForPeople(wanted: string): string {
  const name = bareName(wanted);
  if (isId(name)) return `channel ${name}`;
  return name.includes("/") ? name : `#${name}`;
}
