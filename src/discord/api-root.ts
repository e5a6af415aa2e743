import { findApiRootTrouble } from "../config/api-root.ts";
import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { unreachable } from "../unreachable.ts";
import { cleanLine } from "./clean-text.ts";

/** Where Discord's API is, unless the config says otherwise. */
export const DISCORD_API_ROOT = "https://discord.com/api";

/** Reads the address of Discord's API, or of a proxy of it; the version that OpenClaw's own setting has is dropped. */
export function readApiRoot(text: string): Result<string> {
  const root = text.replace(/\/+$/, "").replace(/\/v\d+$/, "");
  const trouble = findApiRootTrouble(root);
  switch (trouble) {
    case null:
      return success(root);
    case "no_address":
      return refuse(
        `the root of Discord's API is no web address: "${cleanLine(text, 100)}"`,
        `leave it out, or give one like ${DISCORD_API_ROOT}`,
      );
    case "credentials":
      return refuse(
        "the root of Discord's API must not contain a user or a password",
        "leave them out; Discord is asked with the bot's token",
      );
    case "plain_http":
      return refuse(
        `the root of Discord's API is plain http to another machine: ${root}`,
        "use https: plain http would send the bot token readable",
      );
    default:
      return unreachable(trouble);
  }
}

function refuse(message: string, hint: string): Result<never> {
  return failure({ code: "config_invalid", message, hint });
}
