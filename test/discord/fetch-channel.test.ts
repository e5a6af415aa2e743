import { beforeEach, describe, expect, test } from "vitest";
import type { Failure } from "../../src/failure.ts";
import { DISCORD_API_ROOT, readApiRoot } from "../../src/discord/api-root.ts";
import { fetchChannelContext } from "../../src/discord/fetch-channel.ts";
import type { ChannelRequest } from "../../src/discord/fetch-channel.ts";
import { Secret } from "../../src/secret.ts";
import {
  BOT_TOKEN,
  DiscordApi,
  limitRate,
  messageOf,
  refuse,
  sendJson,
  user,
} from "./discord-api.ts";

const ALPHA = { id: "100000000000000001", name: "Alpha" };
const BETA = { id: "100000000000000002", name: "Beta Team" };
const general = {
  id: "200000000000000001",
  name: "general",
  guildId: ALPHA.id,
  messages: [messageOf(user("Ada"), "Good morning"), messageOf(user("Bob"), "The build is red")],
};
const plans = { id: "200000000000000002", name: "plans", guildId: ALPHA.id };

let api: DiscordApi;

beforeEach(async () => {
  api = await DiscordApi.start();
  api.guilds = [ALPHA];
  api.channels = [general, plans];
});

function read(more: Partial<ChannelRequest> = {}): ReturnType<typeof fetchChannelContext> {
  return fetchChannelContext({
    token: new Secret(BOT_TOKEN),
    apiRoot: api.root,
    channel: "general",
    count: 20,
    signal: new AbortController().signal,
    ...more,
  });
}

async function readFailure(more: Partial<ChannelRequest> = {}): Promise<Failure> {
  const result = await read(more);
  if (result.ok) throw new Error(`it came: ${result.value.text}`);
  expect(JSON.stringify(result)).not.toContain("sEcReT");
  expect(result.failure.hint).not.toBe("");
  return result.failure;
}

async function readText(more: Partial<ChannelRequest> = {}): Promise<string> {
  const result = await read(more);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value.text;
}

describe("a channel's messages", () => {
  test("come oldest first, under a name that says that they are untrusted", async () => {
    expect(await read()).toEqual({
      ok: true,
      value: {
        name: "Discord channel #general (untrusted)",
        text: "[2026-11-21 09:12 UTC] Ada: Good morning\n[2026-11-21 09:12 UTC] Bob: The build is red",
      },
    });
    expect(api.requests).toMatchObject([
      { path: "/users/@me/guilds?limit=200", method: "GET", authorization: `Bot ${BOT_TOKEN}` },
      { path: `/guilds/${ALPHA.id}/channels` },
      { path: `/channels/${general.id}/messages?limit=20` },
    ]);
    expect(api.requests[0]?.userAgent).toMatch(/^DiscordBot \(/);
  });

  test("are only the newest, when fewer are asked for", async () => {
    expect(await readText({ count: 1 })).toBe("[2026-11-21 09:12 UTC] Bob: The build is red");
  });

  test("are no more than asked for, even when more are given", async () => {
    api.behave = ({ path }, response) =>
      path.includes("/messages") ? sendJson(response, 200, general.messages.toReversed()) : "usual";
    expect(await readText({ count: 1 })).toBe("[2026-11-21 09:12 UTC] Bob: The build is red");
  });

  test.each([
    "#general",
    "General",
    "Alpha/general",
    "Alpha/#general",
    "alpha/General",
    "channel:general",
    `${ALPHA.id}/general`,
    general.id,
    `channel:${general.id}`,
  ])("are found as %s", async (channel) => {
    expect(await readText({ channel })).toContain("The build is red");
  });

  test("are asked for at once when the channel is an id", async () => {
    await read({ channel: general.id });
    expect(api.paths).toEqual([`/channels/${general.id}`, `/channels/${general.id}/messages`]);
  });

  test("are looked for in one server only, when the config names it", async () => {
    api.guilds = [ALPHA, BETA];
    api.channels = [general, { ...general, id: "200000000000000003", guildId: BETA.id }];
    expect(await readText({ guildId: ALPHA.id })).toContain("The build is red");
    expect(api.paths).not.toContain("/users/@me/guilds");
  });

  test("are found by an exact name before a similar one", async () => {
    api.channels = [{ ...plans, name: "General" }, general];
    expect(await readText()).toContain("The build is red");
  });

  test("are found in the last of 450 servers, without asking the others", async () => {
    api.guilds = Array.from({ length: 450 }, (_, index) => ({
      id: String(100_000_000_000_000_000n + BigInt(index)),
      name: `S${index}`,
    }));
    api.channels = [{ ...general, guildId: api.guilds[449]?.id ?? "" }];
    expect(await readText({ channel: "S449/general" })).toContain("The build is red");
    expect(api.requests).toHaveLength(5);
  });

  test("may be none yet", async () => {
    expect(await readText({ channel: "plans" })).toBe("(no messages)");
  });

  test("are read behind a root with a version and a slash, as OpenClaw's variable has it", async () => {
    expect(await readText({ apiRoot: `${api.root}/v10/` })).toContain("red");
  });

  test("name the channels and roles that they mention", async () => {
    api.roles = [{ id: "500000000000000001", name: "on-call" }];
    const text = `<@&500000000000000001> see <#${plans.id}> and <#599999999999999999>`;
    api.channels = [{ ...general, messages: [messageOf(user("Ada"), text)] }, plans];
    expect(await readText({ channel: general.id })).toContain(
      "Ada: @on-call see #plans and #599999999999999999",
    );
  });

  test("are worth reading also when the names that they mention can't be had", async () => {
    api.channels = [{ ...general, messages: [messageOf(user("Ada"), "ask <@&51>")] }];
    api.behave = ({ path }, response) =>
      path.endsWith("/roles") ? refuse(response, 403, 50013, "Missing Permissions") : "usual";
    expect(await readText()).toContain("Ada: ask @51");
  });

  test("may be those of a conversation that has no name", async () => {
    api.channels = [{ ...general, name: null, guildId: null, type: 1 }];
    expect(await read({ channel: general.id })).toMatchObject({
      value: { name: `Discord channel ${general.id} (untrusted)` },
    });
    expect(await readFailure()).toMatchObject({ code: "usage" });
  });

  test("never carry the bot's own token", async () => {
    api.channels = [{ ...general, messages: [messageOf(user("Eve"), `it is ${BOT_TOKEN}`)] }];
    expect(await readText()).toContain("Eve: it is [hidden]");
  });

  test("come after a rate limit that is short enough", async () => {
    let limits = 0;
    api.behave = ({ path }, response) =>
      path.includes("/messages") && limits++ < 2 ? limitRate(response, 0.02) : "usual";
    expect(await readText()).toContain("red");
    expect(limits).toBe(3);
  });

  test("come after a limit for the whole bot, too", async () => {
    let limits = 0;
    api.behave = (_, response) => (limits++ < 1 ? limitRate(response, 0.02, true) : "usual");
    expect(await readText()).toContain("red");
  });

  test("come when Discord is out of order for a moment", async () => {
    let errors = 0;
    api.behave = (_, response) => (errors++ < 1 ? sendJson(response, 502, {}) : "usual");
    expect(await readText()).toContain("red");
  });
});

describe("a channel that can't be named", () => {
  test("because nothing is called so, is told with the nearest name", async () => {
    expect(await readFailure({ channel: "genral" })).toEqual({
      code: "usage",
      message: 'no Discord channel that the bot knows is called "genral"; did you mean "general"?',
      hint: "give one of these names, or an id: #general, #plans",
    });
  });

  test("because the bot is nowhere, is told so", async () => {
    api.guilds = [];
    expect(await readFailure()).toEqual({
      code: "usage",
      message: 'no Discord channel that the bot knows is called "general"',
      hint: "invite the bot to a server",
    });
  });

  test("because several are called so, is told with all of them", async () => {
    api.guilds = [ALPHA, BETA];
    api.channels = [general, { ...general, id: "200000000000000003", guildId: BETA.id }];
    expect(await readFailure()).toEqual({
      code: "usage",
      message: '2 Discord channels are called "general"',
      hint:
        "give the server's name or the id as well: " +
        "Alpha/general (200000000000000001), Beta Team/general (200000000000000003)",
    });
    expect(await readText({ channel: "Beta Team/general" })).toContain("red");
  });

  test.each([4, 15])("because it has no messages itself (type %i), is told so", async (type) => {
    api.channels = [{ ...general, type }];
    const failure = {
      code: "usage",
      message: "#general holds no messages itself: it is a category or a forum",
      hint: "name a text channel, or the id of a post in the forum",
    };
    expect(await readFailure()).toEqual(failure);
    expect(await readFailure({ channel: general.id })).toMatchObject({
      message: `channel ${general.id} holds no messages itself: it is a category or a forum`,
    });
  });

  test("because there is no such id, is told so", async () => {
    expect(await readFailure({ channel: "299999999999999999" })).toEqual({
      code: "usage",
      message: "there is no channel 299999999999999999 on Discord",
      hint: "copy the id again (right-click on the channel, Copy Channel ID), or give the channel's name",
    });
  });

  test("because it is in another server than the config's, is told so", async () => {
    expect(await readFailure({ channel: general.id, guildId: BETA.id })).toEqual({
      code: "usage",
      message: `channel ${general.id} is not in the configured Discord server`,
      hint: "name a channel of that server, or correct the server's id in the config",
    });
  });

  test("because the bot is not in the config's server, is told so", async () => {
    expect(await readFailure({ guildId: BETA.id })).toEqual({
      code: "usage",
      message: "the bot is in no Discord server with the configured id",
      hint: "correct the server's id in the config, or invite the bot to that server",
    });
  });
});

describe("what the bot may not do is told with the permission that it lacks", () => {
  test("when the token is wrong", async () => {
    expect(await readFailure({ token: new Secret("sEcReT-wrong") })).toEqual({
      code: "unauthorized",
      message: "Discord does not know the bot token",
      hint: "put the bot's current token where the config says; the Developer Portal gives a new one under Bot, Reset Token",
    });
    expect(api.requests).toHaveLength(1);
  });

  test("when it may not see the channel", async () => {
    api.channels = [{ ...general, refusal: [403, 50001, "Missing Access"] }];
    expect(await readFailure()).toEqual({
      code: "unauthorized",
      message: "the bot may not see #general on Discord",
      hint: "give it the permission View Channel there; to a private channel, add the bot or its role",
    });
  });

  test("when it lacks a permission", async () => {
    api.channels = [{ ...general, refusal: [403, 50013, "Missing Permissions"] }];
    expect(await readFailure()).toEqual({
      code: "unauthorized",
      message: "the bot may not read #general on Discord",
      hint: "give it the permission Read Message History there, and Connect when it is a voice channel",
    });
  });

  test("when Discord hides the history without a word", async () => {
    api.channels = [{ ...general, mayReadHistory: false }];
    expect(await readFailure()).toEqual({
      code: "unauthorized",
      message: "Discord gave no messages of #general, though there are some",
      hint: "give the bot the permission Read Message History there",
    });
  });

  test("when Discord blanks what people write", async () => {
    const own = messageOf(user("Bot", { bot: true }), "Hello");
    const blank = [messageOf(user("Ada"), ""), own, messageOf(user("Bob"), "")];
    api.channels = [{ ...general, messages: blank }];
    expect(await readFailure()).toEqual({
      code: "unauthorized",
      message: "Discord gave 2 messages of #general, but not what they say",
      hint: "turn on Message Content Intent for the bot: Developer Portal, Bot, Privileged Gateway Intents",
    });
  });

  test("to the agent, when Discord shows some of what people write", async () => {
    const some = [messageOf(user("Ada"), ""), messageOf(user("Bob"), "@Bot, look!")];
    api.channels = [{ ...general, messages: some }];
    expect(await readText()).toBe(
      "(1 withheld by Discord)\n[2026-11-21 09:12 UTC] Bob: @Bot, look!",
    );
  });

  test("when Discord refuses for another reason, which is on one line and without the token", async () => {
    api.channels = [{ ...general, refusal: [403, 40002, `Verify\nyour ${BOT_TOKEN}\u001b[2J`] }];
    expect(await readFailure()).toEqual({
      code: "unauthorized",
      message: "Discord refused to show #general: HTTP 403, Verify your [hidden][2J",
      hint: "check that the bot may see the channel and read its history",
    });
  });
});

describe("a Discord that is not there is told", () => {
  test("when nobody listens", async () => {
    await api.stop();
    expect(await readFailure()).toEqual({
      code: "unreachable",
      message: `Discord can't be reached at ${api.root}: connection refused`,
      hint: "check the network and the API root in the config, or delegate without --channel-context",
    });
  });

  test("when the connection breaks", async () => {
    api.behave = (_, response) => {
      response.destroy();
      return "answered";
    };
    expect(await readFailure()).toMatchObject({
      code: "unreachable",
      message: `Discord can't be reached at ${api.root}: connection closed`,
    });
  });

  test("when the answer breaks off", async () => {
    api.behave = (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write("[", () => response.destroy());
      return "answered";
    };
    expect(await readFailure()).toMatchObject({
      code: "unreachable",
      message: `Discord can't be reached at ${api.root}: connection closed`,
    });
  });

  test("when it does not answer in time", async () => {
    api.behave = () => "answered";
    expect(await readFailure({ timeoutMs: 60 })).toEqual({
      code: "unreachable",
      message: "Discord gave the messages of #general not within 0.06 s",
      hint: "try again, give the channel by its id, or delegate without --channel-context",
    });
  });

  test("when its answer does not end in time", async () => {
    api.behave = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write("[");
      return "answered";
    };
    expect(await readFailure({ timeoutMs: 60 })).toMatchObject({
      message: "Discord gave the messages of #general not within 0.06 s",
    });
  });

  test("when it is out of order", async () => {
    api.behave = (_, response) => sendJson(response, 503, {});
    expect(await readFailure()).toEqual({
      code: "unreachable",
      message: "Discord is out of order: HTTP 503",
      hint: "try again in a while, or delegate without --channel-context",
    });
    expect(api.requests).toHaveLength(3);
  });

  test("when it asks to wait longer than there is time, at once", async () => {
    api.behave = (_, response) => limitRate(response, 61.5);
    expect(await readFailure()).toEqual({
      code: "unreachable",
      message: "Discord lets the bot ask again only in 62 s",
      hint: "try again then, or delegate without --channel-context",
    });
    expect(api.requests).toHaveLength(1);
  });

  test("when it asks to wait without an end", async () => {
    api.behave = (_, response) => limitRate(response, 0.001);
    expect(await readFailure()).toMatchObject({
      message: "Discord lets the bot ask no more for now",
    });
    expect(api.requests.length).toBeLessThan(10);
  });

  test("when it asks to wait, but not how long", async () => {
    api.behave = (_, response) => {
      response.writeHead(429, { "content-type": "text/html" }).end("error code: 1015");
      return "answered";
    };
    expect(await readFailure()).toEqual({
      code: "unreachable",
      message: "Discord lets the bot ask no more for now",
      hint: "try again in a while, or delegate without --channel-context",
    });
    expect(api.requests).toHaveLength(1);
  });

  test.each([
    [200, "text/html", "<html>", "HTTP 200 with text/html"],
    [403, "text/html", "<html>", "HTTP 403 with text/html"],
    [404, "application/json", '{"error":"?"}', "HTTP 404 without Discord's message"],
    [200, "application/json", "[{", "HTTP 200 with JSON that is broken"],
    [200, "application/json", "{}", "no list of servers in its answer"],
    [302, "text/html", "", "HTTP 302 with text/html"],
  ])("when something else answers: %i %s %s", async (status, type, body, what) => {
    api.behave = (_, response) => {
      response.writeHead(status, { "content-type": type, location: api.root }).end(body);
      return "answered";
    };
    expect(await readFailure()).toEqual({
      code: "unreachable",
      message: `what answers at ${api.root} is not Discord's API: ${what}`,
      hint: "correct the API root in the config, or look at the proxy in between",
    });
  });

  test.each([
    ["/channels", { channel: general.id }, "no list of messages"],
    ["/guilds", {}, "no list of channels"],
  ])("when %s gives something else", async (start, more, what) => {
    api.behave = ({ path }, response) =>
      path.startsWith(start) && (path.includes("/messages") || start === "/guilds")
        ? sendJson(response, 200, {})
        : "usual";
    expect(await readFailure(more)).toMatchObject({
      message: `what answers at ${api.root} is not Discord's API: ${what} in its answer`,
    });
  });

  test("when what it calls a channel is none", async () => {
    api.behave = (_, response) => sendJson(response, 200, { id: "x", type: 0 });
    expect(await readFailure({ channel: general.id })).toMatchObject({
      message: `what answers at ${api.root} is not Discord's API: no channel in its answer`,
    });
  });

  test("when it answers without an end", async () => {
    api.behave = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(Buffer.alloc(9 * 1024 * 1024, " "));
      return "answered";
    };
    expect(await readFailure()).toMatchObject({
      message: `what answers at ${api.root} is not Discord's API: more than 8388608 bytes`,
    });
  });

  test("when it says beforehand that the next question has to wait too long", async () => {
    const headers = {
      "x-ratelimit-limit": "1",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset-after": "59.5",
    };
    const page = Array.from({ length: 200 }, (_, index) => ({
      id: String(100_000_000_000_000_000n + BigInt(index)),
      name: "S",
    }));
    api.behave = (_, response) => sendJson(response, 200, page, headers);
    expect(await readFailure()).toMatchObject({
      message: "Discord lets the bot ask again only in 60 s",
    });
    expect(api.requests).toHaveLength(1);
  });

  test("when the list of messages is none", async () => {
    api.behave = ({ path }, response) =>
      path.includes("/messages") ? sendJson(response, 200, { messages: [] }) : "usual";
    expect(await readFailure()).toMatchObject({
      code: "unreachable",
      message: `what answers at ${api.root} is not Discord's API: no list of messages in its answer`,
    });
  });
});

test("an interruption ends the reading at once, also while it waits for a rate limit", async () => {
  const leaving = new AbortController();
  api.behave = (_, response) => {
    response.on("finish", () => leaving.abort());
    return limitRate(response, 5);
  };
  expect(await readFailure({ signal: leaving.signal })).toEqual({
    code: "interrupted",
    message: "interrupted while reading #general on Discord",
    hint: "nothing was sent; run the same command again",
  });
});

test.each([0, 31, 1.5, Number.NaN])("%d messages can't be asked for", async (count) => {
  expect(await readFailure({ count })).toEqual({
    code: "usage",
    message: `${count} messages of a channel are asked for`,
    hint: "give --channel-messages a whole number from 1 to 30",
  });
  expect(api.requests).toEqual([]);
});

test.each([
  ["", 'is no web address: ""'],
  ["discord.com/api", 'is no web address: "discord.com/api"'],
  ["file:///etc", 'is no web address: "file:///etc"'],
  ["http://", 'is no web address: "http://"'],
  ["https://discord.com/api?x=1", 'is no web address: "https://discord.com/api?x=1"'],
  ["https://me:sEcReT@discord.com/api", "must not contain a user or a password"],
  [
    "http://proxy.example.com/api",
    "is plain http to another machine: http://proxy.example.com/api",
  ],
])("an API root to which no token should go is refused: %j", async (apiRoot, what) => {
  expect(await readFailure({ apiRoot })).toMatchObject({
    code: "config_invalid",
    message: `the root of Discord's API ${what}`,
  });
});

test("Discord's own root is one", () => {
  expect(readApiRoot(DISCORD_API_ROOT)).toEqual({ ok: true, value: DISCORD_API_ROOT });
  expect(readApiRoot("http://[::1]:8080/api/v10/")).toMatchObject({
    value: "http://[::1]:8080/api",
  });
});
