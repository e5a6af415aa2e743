import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readBotToken } from "../../src/discord/bot-token.ts";
import type { BotTokenSource } from "../../src/config/config.ts";
import type { Failure } from "../../src/failure.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, "openclaw.json");
});

function put(text: string, mode = 0o600): void {
  writeFileSync(path, text, { mode });
}

async function read(source: BotTokenSource, env: Record<string, string> = {}): Promise<string> {
  const result = await readBotToken(source, env);
  if (!result.ok) throw new Error(result.failure.message);
  expect(JSON.stringify(result)).not.toContain("tok-");
  return result.value.reveal();
}

async function readFailure(
  source: BotTokenSource,
  env: Record<string, string> = {},
): Promise<Failure> {
  const result = await readBotToken(source, env);
  if (result.ok) throw new Error("a token came");
  expect(result.failure).toMatchObject({ code: "config_invalid", hint: /./ });
  expect(JSON.stringify(result)).not.toContain("tok-");
  return result.failure;
}

describe("a bot token", () => {
  test("comes from a variable or from a file", async () => {
    put("tok-1\n");
    expect(await read({ env: "BOT" }, { BOT: "tok-1" })).toBe("tok-1");
    expect(await read({ file: path })).toBe("tok-1");
  });

  test("that is missing is asked for by its name", async () => {
    expect(await readFailure({ env: "BOT" })).toMatchObject({
      message: "the variable BOT, which holds the token, is not set",
      hint: "export BOT=<the bot's token>",
    });
  });
});

describe("an OpenClaw config gives the token", () => {
  test("with all that JSON5 allows", async () => {
    put(`\uFEFF// mine
{ channels: { 'discord': { enabled: true, token: 'tok-1', /* kept */ }, }, }`);
    expect(await read({ openclaw: path })).toBe("tok-1");
  });

  test("without the word that some people put before it", async () => {
    put('{channels: {discord: {token: " Bot tok-1 "}}}');
    expect(await read({ openclaw: path })).toBe("tok-1");
  });

  test.each(['"${BOT}"', '"$BOT"', '{ source: "env", provider: "default", id: "BOT" }'])(
    "from a variable: %s",
    async (token) => {
      put(`{env: {vars: {BOT: "tok-inline"}}, channels: {discord: {token: ${token}}}}`);
      expect(await read({ openclaw: path })).toBe("tok-inline");
      writeFileSync(join(folder, ".env"), "BOT='tok-beside'\n", { mode: 0o600 });
      expect(await read({ openclaw: path })).toBe("tok-beside");
      expect(await read({ openclaw: path }, { BOT: "tok-env" })).toBe("tok-env");
    },
  );

  test("of the account that is asked for, or of the channel when the account has none", async () => {
    put(`{channels: {discord: {token: "tok-base", accounts: {
      work: {token: "tok-work"}, home: {}, off: {token: ""}}}}}`);
    expect(await read({ openclaw: path, account: "work" })).toBe("tok-work");
    expect(await read({ openclaw: path, account: "home" })).toBe("tok-base");
    expect(await read({ openclaw: path })).toBe("tok-base");
    expect(await readFailure({ openclaw: path, account: "off" })).toMatchObject({
      message: `the OpenClaw config ${path} has no Discord token`,
    });
    expect(await readFailure({ openclaw: path, account: "other" })).toEqual({
      code: "config_invalid",
      message: `the OpenClaw config ${path} has no Discord account "other"`,
      hint: '"account" can be work, home, off',
    });
  });

  test.each([
    ['defaultAccount: "b", accounts: {a: {token: "tok-a"}, b: {token: "tok-b"}}', "tok-b"],
    ['accounts: {a: {token: "tok-a"}, default: {token: "tok-d"}}', "tok-d"],
    ['token: "tok-base", accounts: {a: {token: "tok-a"}}', "tok-base"],
    ['accounts: {a: {token: "tok-a"}}', "tok-a"],
  ])("of its default account: %s", async (discord, token) => {
    put(`{channels: {discord: {${discord}}}}`);
    expect(await read({ openclaw: path })).toBe(token);
  });

  test("out of OpenClaw's own variable when it names none", async () => {
    put("{channels: {discord: {enabled: true}}}");
    expect(await read({ openclaw: path }, { DISCORD_BOT_TOKEN: "tok-1" })).toBe("tok-1");
    expect(await readFailure({ openclaw: path })).toEqual({
      code: "config_invalid",
      message: `the OpenClaw config ${path} takes the Discord token from the variable DISCORD_BOT_TOKEN, which is not set`,
      hint: `export DISCORD_BOT_TOKEN=<the bot's token>, or put it into ${join(folder, ".env")}`,
    });
  });
});

describe("an OpenClaw config gives no token, and says why,", () => {
  test("when it is not there", async () => {
    expect(await readFailure({ openclaw: path })).toEqual({
      code: "config_invalid",
      message: `the OpenClaw config ${path} does not exist`,
      hint: "correct the path, or make the file",
    });
  });

  test("when others can read it, or the variables beside it", async () => {
    put('{channels: {discord: {token: "${BOT}"}}}', 0o644);
    chmodSync(path, 0o644);
    expect(await readFailure({ openclaw: path })).toEqual({
      code: "config_invalid",
      message: `the OpenClaw config ${path} can be read by other users`,
      hint: `chmod 600 ${path}`,
    });
    chmodSync(path, 0o600);
    const beside = join(folder, ".env");
    writeFileSync(beside, "BOT=tok-1");
    chmodSync(beside, 0o644);
    expect(await readFailure({ openclaw: path })).toMatchObject({
      message: `the variables of OpenClaw: ${beside} can be read by other users`,
    });
  });

  test("when it is broken, without quoting it", async () => {
    put('{channels: {discord:\n {token: "tok-1" tok-2}}}');
    expect(await readFailure({ openclaw: path })).toMatchObject({
      message: `the OpenClaw config ${path} is not JSON5 at line 2, column 18`,
    });
    put("[]");
    expect(await readFailure({ openclaw: path })).toMatchObject({
      message: `the OpenClaw config ${path} is no object`,
    });
  });

  test("when only OpenClaw can read the secret", async () => {
    put('{channels: {discord: {token: {source: "exec", provider: "vault", id: "discord"}}}}');
    expect(await readFailure({ openclaw: path })).toEqual({
      code: "config_invalid",
      message: `the OpenClaw config ${path} keeps the Discord token in a secret of its own (source "exec")`,
      hint: 'only OpenClaw can read that; give the token with {"env": …} or {"file": …}',
    });
  });

  test("when it could be any of several accounts", async () => {
    put('{channels: {discord: {accounts: {a: {token: "tok-a"}, b: {token: "tok-b"}}}}}');
    expect(await readFailure({ openclaw: path })).toEqual({
      code: "config_invalid",
      message: `the OpenClaw config ${path} has several Discord accounts, and none is the default`,
      hint: 'add "account", one of a, b',
    });
  });

  test("when it may stand in a file that is included", async () => {
    put('{channels: {$include: "./channels.json5"}}');
    expect(await readFailure({ openclaw: path })).toEqual({
      code: "config_invalid",
      message: `the OpenClaw config ${path} has no Discord token`,
      hint: "it includes other files, which are not looked at: point to the one with channels.discord.token",
    });
  });

  test.each(["tok-1 tok-2", "tok-ü", "tok-1\\nX-Evil: 1"])("when it is none: %j", async (token) => {
    put(`{channels: {discord: {token: "${token}"}}}`);
    expect(await readFailure({ openclaw: path })).toMatchObject({
      message: `the Discord token in the OpenClaw config ${path} holds something that can't be a token`,
    });
  });
});
