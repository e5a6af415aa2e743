import type { Environment } from "../environment.ts";
import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { Secret } from "../secret.ts";
import type { TokenSource } from "./config.ts";
import { readOwnFile } from "./own-file.ts";

/** Fetches a hook token from where the config says it is; null when the agent needs none. */
export function readToken(source: TokenSource | null, env: Environment): Result<Secret | null> {
  return source === null ? success(null) : readSecret(source, env, "the gateway's hook token");
}

/** What a secret is called. */
type SecretKind = "token" | "address";

/** Fetches any secret from where the config says it is; `meaning` says in hints which one belongs there. */
export function readSecret(
  source: TokenSource,
  env: Environment,
  meaning: string,
  kind: SecretKind = "token",
): Result<Secret> {
  return "env" in source
    ? readVariable(source.env, env[source.env], meaning, kind)
    : readSecretFile(source.file, meaning, kind);
}

function readVariable(
  name: string,
  value: string | undefined,
  meaning: string,
  kind: SecretKind,
): Result<Secret> {
  if (value === undefined || value.trim() === "") {
    const state = value === undefined ? "not set" : "empty";
    return refuse(
      `the variable ${name}, which holds the ${kind}, is ${state}`,
      `export ${name}=<${meaning}>`,
    );
  }
  return toSecret(value, `the variable ${name}`, kind);
}

function readSecretFile(path: string, meaning: string, kind: SecretKind): Result<Secret> {
  const text = readOwnFile(path, "read");
  if (!text.ok) return refuse(`the ${kind} file ${text.failure.message}`, text.failure.hint);
  const secret = text.value.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
  if (secret.trim() === "") {
    return refuse(`the ${kind} file ${path} is empty`, `put ${meaning} into it`);
  }
  return toSecret(secret, `the ${kind} file ${path}`, kind);
}

/** A header takes visible ASCII only; anything else would make the request itself fail. */
export function toSecret(text: string, place: string, kind: SecretKind = "token"): Result<Secret> {
  return /^[\u0021-\u007e]+$/.test(text)
    ? success(new Secret(text))
    : refuse(
        `${place} holds something that can't be ${kind === "token" ? "a token" : "an address"}`,
        "it must be one line of visible ASCII characters without spaces",
      );
}

function refuse(message: string, hint: string): Result<never> {
  return failure({ code: "config_invalid", message, hint });
}
