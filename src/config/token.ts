import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { Secret } from "../secret.ts";
import type { TokenSource } from "./config.ts";
import { readOwnFile } from "./own-file.ts";

/** Fetches a hook token from where the config says it is; null when the agent needs none. */
export function readToken(
  source: TokenSource | null,
  env: Readonly<Record<string, string | undefined>>,
): Result<Secret | null> {
  return source === null ? success(null) : readSecret(source, env, "the gateway's hook token");
}

/** Fetches any token from where the config says it is; `meaning` says in hints which one belongs there. */
export function readSecret(
  source: TokenSource,
  env: Readonly<Record<string, string | undefined>>,
  meaning: string,
): Result<Secret> {
  return "env" in source
    ? readVariable(source.env, env[source.env], meaning)
    : readTokenFile(source.file, meaning);
}

function readVariable(name: string, value: string | undefined, meaning: string): Result<Secret> {
  if (value === undefined || value.trim() === "") {
    const state = value === undefined ? "not set" : "empty";
    return refuse(
      `the variable ${name}, which holds the token, is ${state}`,
      `export ${name}=<${meaning}>`,
    );
  }
  return toSecret(value, `the variable ${name}`);
}

function readTokenFile(path: string, meaning: string): Result<Secret> {
  const text = readOwnFile(path, "read");
  if (!text.ok) return refuse(`the token file ${text.failure.message}`, text.failure.hint);
  const token = text.value.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
  if (token.trim() === "") {
    return refuse(`the token file ${path} is empty`, `put ${meaning} into it`);
  }
  return toSecret(token, `the token file ${path}`);
}

/** A header takes visible ASCII only; anything else would make the request itself fail. */
export function toSecret(token: string, place: string): Result<Secret> {
  return /^[\u0021-\u007e]+$/.test(token)
    ? success(new Secret(token))
    : refuse(
        `${place} holds something that can't be a token`,
        "it must be one line of visible ASCII characters without spaces",
      );
}

function refuse(message: string, hint: string): Result<never> {
  return failure({ code: "config_invalid", message, hint });
}
