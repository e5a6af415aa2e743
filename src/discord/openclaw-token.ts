import { fieldsIn, isFields, textIn } from "../json/fields.ts";
import type { Fields } from "../json/fields.ts";

/** Where an OpenClaw config has the token of its Discord bot. */
export type TokenPlace =
  | { readonly kind: "value"; readonly token: string }
  | { readonly kind: "variable"; readonly name: string }
  /** Behind a program, a file or a store that only OpenClaw reads. */
  | { readonly kind: "secret"; readonly source: string }
  | { readonly kind: "account_unknown"; readonly accounts: readonly string[] }
  | { readonly kind: "account_needed"; readonly accounts: readonly string[] }
  /** Nowhere, unless it stands in another file that this one includes. */
  | { readonly kind: "none"; readonly hasIncludes: boolean };

/** The variable that OpenClaw itself falls back to. */
const FALLBACK_VARIABLE = "DISCORD_BOT_TOKEN";

/** Finds the token as OpenClaw does: an account's own before the channel's; without a name, the default account's. */
export function findOpenclawToken(config: Fields, account: string | null): TokenPlace {
  const channels = fieldsIn(config, "channels");
  const discord = fieldsIn(channels, "discord");
  const accounts = fieldsIn(discord, "accounts");
  const names = Object.keys(accounts);
  const chosen = account ?? defaultAccount(discord, names);
  if (chosen === null) return { kind: "account_needed", accounts: names };
  if (account !== null && account !== DEFAULT && !names.includes(account)) {
    return { kind: "account_unknown", accounts: names };
  }
  const own = names.includes(chosen) ? fieldsIn(accounts, chosen) : {};
  const token = Object.hasOwn(own, "token") ? own["token"] : discord["token"];
  if (token !== undefined) return readPlace(token);
  if ([config, channels, discord, accounts, own].some(includesFiles)) {
    return { kind: "none", hasIncludes: true };
  }
  return chosen === DEFAULT
    ? { kind: "variable", name: FALLBACK_VARIABLE }
    : { kind: "none", hasIncludes: false };
}

const DEFAULT = "default";

/** The account that is meant when none is named; null when that can't be said. */
function defaultAccount(discord: Fields, names: readonly string[]): string | null {
  const named = textIn(discord, "defaultAccount");
  if (names.includes(named)) return named;
  if (names.includes(DEFAULT) || discord["token"] !== undefined || names.length === 0) {
    return DEFAULT;
  }
  return names.length === 1 ? (names[0] ?? null) : null;
}

function readPlace(token: unknown): TokenPlace {
  if (typeof token === "string") return readText(token.trim());
  if (!isFields(token)) return { kind: "none", hasIncludes: false };
  const source = textIn(token, "source");
  const id = textIn(token, "id");
  return source === "env" && id !== ""
    ? { kind: "variable", name: id }
    : { kind: "secret", source: source || "unknown" };
}

function readText(text: string): TokenPlace {
  const name = /^\$(?:\{([A-Z_][A-Z0-9_]*)\}|([A-Z_][A-Z0-9_]*))$/.exec(text);
  if (name !== null) return { kind: "variable", name: name[1] ?? name[2] ?? "" };
  const token = text.replace(/^Bot\s+/, "");
  return token === "" ? { kind: "none", hasIncludes: false } : { kind: "value", token };
}

function includesFiles(fields: Fields): boolean {
  return Object.hasOwn(fields, "$include");
}

/** A variable that the config itself sets, or null. */
export function inlineVariable(config: Fields, name: string): string | null {
  return textIn(fieldsIn(fieldsIn(config, "env"), "vars"), name) || null;
}
