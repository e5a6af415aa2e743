import type { Environment } from "../environment.ts";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { readOwnFile } from "../config/own-file.ts";
import type { BotTokenSource } from "../config/config.ts";
import { readSecret, toSecret } from "../config/token.ts";
import { failure, success } from "../failure.ts";
import type { Failure, Result } from "../failure.ts";
import type { Secret } from "../secret.ts";
import { unreachable } from "../unreachable.ts";
import { isFields } from "../json/fields.ts";
import type { Fields } from "../json/fields.ts";
import { findOpenclawToken, inlineVariable } from "./openclaw-token.ts";
import type { TokenPlace } from "./openclaw-token.ts";

/** Fetches a bot token from where the config says it is. */
export async function readBotToken(
  source: BotTokenSource,
  env: Environment,
): Promise<Result<Secret>> {
  if (!("openclaw" in source)) return readSecret(source, env, "the bot's token");
  const path = source.openclaw;
  const config = await readOpenclawConfig(path);
  if (!config.ok) return config;
  const place = findOpenclawToken(config.value, source.account ?? null);
  switch (place.kind) {
    case "value":
      return toSecret(place.token, `the Discord token in the OpenClaw config ${path}`);
    case "variable":
      return readVariable(path, config.value, place.name, env);
    case "secret":
    case "account_unknown":
    case "account_needed":
    case "none":
      return failure(placeFailure(path, source.account ?? null, place));
    default:
      return unreachable(place);
  }
}

/** OpenClaw's configs are JSON5: comments, trailing commas, bare keys. */
async function readOpenclawConfig(path: string): Promise<Result<Fields>> {
  const text = readOwnFile(path, "read");
  if (!text.ok) return refuse(`the OpenClaw config ${text.failure.message}`, text.failure.hint);
  const { default: json5 } = await import("json5");
  try {
    const config: unknown = json5.parse(text.value.replace(/^\uFEFF/, ""));
    if (isFields(config)) return success(config);
  } catch (error) {
    return refuse(`the OpenClaw config ${path} is not JSON5${placeOf(error)}`, "correct it there");
  }
  return refuse(`the OpenClaw config ${path} is no object`, "point to an openclaw.json");
}

/** The parser's own sentence could quote a part of a secret. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error) || !("lineNumber" in error) || !("columnNumber" in error)) {
    return "";
  }
  return ` at line ${String(error.lineNumber)}, column ${String(error.columnNumber)}`;
}

/** Looks where OpenClaw looks: the environment, the `.env` beside the config, the config itself. */
function readVariable(
  path: string,
  config: Fields,
  name: string,
  env: Environment,
): Result<Secret> {
  const beside = readVariablesBeside(path);
  if (!beside.ok) return beside;
  const value = env[name]?.trim() || beside.value[name]?.trim() || inlineVariable(config, name);
  return value
    ? toSecret(value.replace(/^Bot\s+/, ""), `the variable ${name}`)
    : refuse(
        `the OpenClaw config ${path} takes the Discord token from the variable ${name}, which is not set`,
        `export ${name}=<the bot's token>, or put it into ${join(dirname(path), ".env")}`,
      );
}

function readVariablesBeside(path: string): Result<Environment> {
  const file = join(dirname(path), ".env");
  if (!existsSync(file)) return success({});
  const text = readOwnFile(file, "read");
  return text.ok
    ? success(parseEnv(text.value))
    : refuse(`the variables of OpenClaw: ${text.failure.message}`, text.failure.hint);
}

function placeFailure(
  path: string,
  account: string | null,
  place: Exclude<TokenPlace, { kind: "value" | "variable" }>,
): Failure {
  switch (place.kind) {
    case "secret":
      return invalid(
        `the OpenClaw config ${path} keeps the Discord token in a secret of its own (source "${place.source}")`,
        'only OpenClaw can read that; give the token with {"env": …} or {"file": …}',
      );
    case "account_unknown":
      return invalid(
        `the OpenClaw config ${path} has no Discord account "${account ?? ""}"`,
        place.accounts.length === 0
          ? 'leave "account" out'
          : `"account" can be ${place.accounts.join(", ")}`,
      );
    case "account_needed":
      return invalid(
        `the OpenClaw config ${path} has several Discord accounts, and none is the default`,
        `add "account", one of ${place.accounts.join(", ")}`,
      );
    case "none":
      return invalid(
        `the OpenClaw config ${path} has no Discord token`,
        place.hasIncludes
          ? "it includes other files, which are not looked at: point to the one with channels.discord.token"
          : 'set channels.discord.token there, or give the token with {"env": …} or {"file": …}',
      );
    default:
      return unreachable(place);
  }
}

function refuse(message: string, hint: string): Result<never> {
  return failure(invalid(message, hint));
}

function invalid(message: string, hint: string): Failure {
  return { code: "config_invalid", message, hint };
}
