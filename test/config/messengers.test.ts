import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { notifiersFor } from "../../src/config/notify.ts";
import type { Problem, Result } from "../../src/failure.ts";
import { putFile, tempFolder } from "./temp-folder.ts";

const agents = { lead: { port: 18804 }, coder: { command: ["x"] } };
const telegram = { token: { env: "T" }, chatId: -100123 };

function load(config: object, folder = tempFolder()): Result<Config> {
  const path = putFile(folder, "delegate.config.json", { agents, ...config });
  return loadConfig({ explicitPath: path, env: {}, cwd: "/" });
}

function loaded(config: object, folder?: string): Config {
  const result = load(config, folder);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** Written as text, because an object literal with this key looks like a promise. */
function questionsThen(word: string): { readonly questions: object } {
  return JSON.parse(`{"questions": {"then": "${word}"}}`);
}

function problemsOf(config: object): readonly Problem[] {
  const result = load(config);
  if (result.ok) throw new Error("it loaded");
  expect(result.failure.code).toBe("config_invalid");
  return result.failure.problems ?? [];
}

describe("bots, notices and questions", () => {
  test("have absolute paths and every default", () => {
    const folder = tempFolder();
    putFile(folder, "bot", "t");
    putFile(folder, "openclaw.json", "{}");
    const config = loaded(
      {
        discord: {
          callers: {
            manager: { token: { file: "bot" } },
            lead: { token: { openclaw: "openclaw.json", account: "lead" } },
            other: { token: { env: "T" }, guildId: "112233445566778899" },
          },
        },
        telegram: { token: { file: "bot" }, chatId: "@builds" },
        questions: {},
      },
      folder,
    );
    expect(config).toMatchObject({ notify: null });
    expect(config.discord?.apiRoot).toBeNull();
    expect({ ...config.discord?.callers }).toEqual({
      manager: { token: { file: join(folder, "bot") }, guildId: null },
      lead: { token: { openclaw: join(folder, "openclaw.json"), account: "lead" }, guildId: null },
      other: { token: { env: "T" }, guildId: "112233445566778899" },
    });
    expect(config.telegram).toEqual({
      token: { file: join(folder, "bot") },
      apiRoot: null,
      waitHours: 168,
      chatId: "@builds",
      threadId: null,
      allowedChats: ["@builds"],
    });
    expect(config.questions).toEqual({
      foreman: null,
      confidence: "high",
      otherwise: "person",
      ageMinutes: 30,
      escalateTo: [],
    });
    expect(config.discord?.callers["constructor"]).toBeUndefined();
  });

  test("keep everything that is written", () => {
    const questions = {
      foreman: "lead",
      confidence: "medium",
      ageMinutes: 0.5,
      escalateTo: ["@boss", "-7"],
    };
    const config = loaded({
      discord: { apiRoot: "http://127.0.0.1:8080/api" },
      telegram: {
        ...telegram,
        threadId: 7,
        allowedChats: [],
        apiRoot: "https://bots.example/",
        waitHours: 0.5,
      },
      questions: { ...questions, ...questionsThen("nobody").questions },
    });
    expect(config.discord).toMatchObject({ apiRoot: "http://127.0.0.1:8080/api", callers: {} });
    expect(config.telegram).toEqual({
      ...telegram,
      threadId: 7,
      allowedChats: [],
      apiRoot: "https://bots.example",
      waitHours: 0.5,
    });
    expect(config.questions).toEqual({ ...questions, otherwise: "nobody" });
  });

  test("no token is read before it is used", () => {
    const folder = tempFolder();
    const path = putFile(folder, "bot", "two words");
    chmodSync(path, 0o644);
    const token = { file: "bot" };
    const discord = { callers: { lead: { token } } };
    expect(load({ discord, telegram: { ...telegram, token } }, folder).ok).toBe(true);
  });
});

describe("who is told of a run", () => {
  test("its agent and its caller count together, and before what is said for all", () => {
    const { notify } = loaded({
      telegram,
      agents: { lead: { port: 1, notify: ["telegram"] }, coder: { command: ["x"], notify: [] } },
      callers: { manager: { notify: ["telegram", "telegram"] }, nightly: { notify: [] }, ops: {} },
      notify: ["telegram"],
    });
    const told = (agent: string, caller: string | null) => notifiersFor(notify, { agent, caller });
    expect(told("lead", null)).toEqual(["telegram"]);
    expect(told("lead", "nightly")).toEqual(["telegram"]);
    expect(told("coder", null)).toEqual([]);
    expect(told("coder", "manager")).toEqual(["telegram"]);
    expect(told("coder", "nightly")).toEqual([]);
    expect(told("coder", "ops")).toEqual([]);
    expect(told("other", "ops")).toEqual(["telegram"]);
    expect(told("toString", "constructor")).toEqual(["telegram"]);
  });

  test("nobody, when nothing is said", () => {
    expect(notifiersFor(loaded({}).notify, { agent: "lead", caller: null })).toEqual([]);
    const { notify } = loaded({ callers: { manager: { notify: [] } } });
    expect(notifiersFor(notify, { agent: "lead", caller: null })).toEqual([]);
  });
});

describe("what is wrong is said with its place", () => {
  const bot = { env: "T" };
  test.each<[string, object, string, string]>([
    ["unknown keys", { telegrm: {} }, "/telegrm", 'did you mean "telegram"?'],
    ["of Discord", { discord: { caller: {} } }, "/discord/caller", 'did you mean "callers"?'],
    [
      "of its callers",
      { discord: { callers: { lead: { token: bot, guildID: "1" } } } },
      "/discord/callers/lead/guildID",
      'did you mean "guildId"?',
    ],
    [
      "of their tokens",
      { discord: { callers: { lead: { token: { opencalw: "x" } } } } },
      "/discord/callers/lead/token/opencalw",
      'did you mean "openclaw"?',
    ],
    ["of Telegram", { telegram: { ...telegram, chat: 1 } }, "/telegram/chat", "unknown key"],
    [
      "of its token",
      { telegram: { ...telegram, token: { openclaw: "x" } } },
      "/telegram/token/openclaw",
      "unknown key",
    ],
    ["of a caller", { callers: { lead: { notifi: [] } } }, "/callers/lead/notifi", '"notify"?'],
    ["of questions", { questions: { formean: "lead" } }, "/questions/formean", '"foreman"?'],
    [
      "a token in the config",
      { discord: { callers: { lead: { token: "s3cret" } } } },
      "/discord/callers/lead/token",
      'must be {"env": "NAME"}, {"file": "path"} or {"openclaw": "path"}, never the token itself',
    ],
    [
      "a token in the config",
      { telegram: { ...telegram, token: "s3cret" } },
      "/telegram/token",
      'must be {"env": "NAME"} or {"file": "path"}, never the token itself',
    ],
    [
      "two tokens",
      { discord: { callers: { lead: { token: { env: "A", file: "/dev/null" } } } } },
      "/discord/callers/lead/token",
      'must be {"env": "NAME"}, {"file": "path"} or {"openclaw": "path"}',
    ],
    [
      "an account of nothing",
      { discord: { callers: { lead: { token: { env: "A", account: "b" } } } } },
      "/discord/callers/lead/token/account",
      'goes with "openclaw"',
    ],
    [
      "a caller without token",
      { discord: { callers: { lead: {} } } },
      "/discord/callers/lead",
      'needs the key "token"',
    ],
    [
      "a file that is not there",
      { discord: { callers: { "a/b": { token: { file: "gone" } } } } },
      "/discord/callers/a~1b/token/file",
      "does not exist",
    ],
    [
      "an OpenClaw that is not there",
      { discord: { callers: { lead: { token: { openclaw: "gone" } } } } },
      "/discord/callers/lead/token/openclaw",
      "does not exist",
    ],
    [
      "a token file of Telegram that is not there",
      { telegram: { ...telegram, token: { file: "gone" } } },
      "/telegram/token/file",
      "does not exist",
    ],
    [
      "a server's id as a number",
      { discord: { callers: { lead: { token: bot, guildId: 1 } } } },
      "/discord/callers/lead/guildId",
      "must be a text, not a number",
    ],
    [
      "a server's name",
      { discord: { callers: { lead: { token: bot, guildId: "Alpha" } } } },
      "/discord/callers/lead/guildId",
      "must be the id of a Discord server",
    ],
    ["no address", { discord: { apiRoot: "discord" } }, "/discord/apiRoot", "must be a web addr"],
    [
      "a password in it",
      { telegram: { ...telegram, apiRoot: "https://me:s3cret@x.example" } },
      "/telegram/apiRoot",
      "must not contain a user or a password",
    ],
    [
      "plain http",
      { discord: { apiRoot: "http://proxy.example/api" } },
      "/discord/apiRoot",
      "plain http would send the bot's token readable to another machine; use https",
    ],
    [
      "plain http",
      { telegram: { ...telegram, apiRoot: "http://10.0.0.1" } },
      "/telegram/apiRoot",
      "plain http would send",
    ],
    ["no chat", { telegram: { token: bot } }, "/telegram", 'needs the key "chatId"'],
    [
      "a chat's title",
      { telegram: { ...telegram, chatId: "The builds" } },
      "/telegram/chatId",
      "must be a chat's number, or @name",
    ],
    [
      "one of those that may answer",
      { telegram: { ...telegram, allowedChats: [1, 0] } },
      "/telegram/allowedChats/1",
      "must be a chat's number",
    ],
    [
      "a list as chat",
      { telegram: { ...telegram, chatId: [] } },
      "/telegram/chatId",
      "must be a text or a whole number, not an array",
    ],
    [
      "no topic",
      { telegram: { ...telegram, threadId: 0 } },
      "/telegram/threadId",
      "must be at least 1",
    ],
    [
      "a wait that is too long for a timer",
      { telegram: { ...telegram, waitHours: 501 } },
      "/telegram/waitHours",
      "must be at most 500",
    ],
    ["a word", { notify: "telegram" }, "/notify", "must be an array, not a text"],
    [
      "another messenger",
      { notify: ["telegramm"] },
      "/notify/0",
      'must be "telegram"; did you mean "telegram"?',
    ],
    ["Telegram without a bot", { notify: ["telegram"] }, "/notify", 'needs "telegram"'],
    [
      "also for an agent",
      { agents: { a: { port: 1, notify: ["telegram"] } } },
      "/agents/a/notify",
      'needs "telegram" in this config',
    ],
    [
      "also for a caller",
      { callers: { "a/b": { notify: ["telegram"] } } },
      "/callers/a~1b/notify",
      'needs "telegram" in this config',
    ],
    [
      "a caller spelled wrong",
      { callers: { laed: {} } },
      "/callers/laed",
      'nobody defined the agent "laed"; did you mean "lead"?',
    ],
    [
      "also at Discord",
      { discord: { callers: { codr: { token: bot } } } },
      "/discord/callers/codr",
      'did you mean "coder"?',
    ],
    [
      "a foreman that nobody defined",
      { questions: { foreman: "laed" } },
      "/questions/foreman",
      'nobody defined the agent "laed"; did you mean "lead"?',
    ],
    [
      "an unknown confidence",
      { questions: { confidence: "hihg" } },
      "/questions/confidence",
      'did you mean "high"?',
    ],
    ["nobody", questionsThen("anybody"), "/questions/then", '"person" or "nobody"'],
    ["no age", { questions: { ageMinutes: 0 } }, "/questions/ageMinutes", "must be more than 0"],
    [
      "a nameless chat",
      { questions: { escalateTo: [""] } },
      "/questions/escalateTo/0",
      "must be text",
    ],
  ])("%s: %j", (_title, config, at, message) => {
    expect(problemsOf(config)).toEqual([{ at, message: expect.stringContaining(message) }]);
    expect(JSON.stringify(problemsOf(config))).not.toContain("s3cret");
  });

  test("all at once, also behind something that can't be read", () => {
    const places = problemsOf({
      telegram: { token: { env: 1 }, chatId: 5 },
      discord: { apiRoot: "x", callers: { lead: { token: 7 }, coder: { token: {} } } },
      notify: ["telegram"],
      callers: { laed: {} },
      questions: { foreman: "nobody" },
    }).map(({ at }) => at);
    expect(places.toSorted()).toEqual([
      "/callers/laed",
      "/discord/apiRoot",
      "/discord/callers/coder/token",
      "/discord/callers/lead/token",
      "/questions/foreman",
      "/telegram/token/env",
    ]);
  });
});
