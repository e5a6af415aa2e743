import type { Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";

/**
 * An address in the words of the driver, or what is wrong with it: the driver would say that with the password, or wait
 * for ever. `name` says where it stands.
 */
export function driverAddress(address: string, name: string): Result<string> {
  const url = readUrl(address);
  if (url === null || !isReadable(url)) {
    return refuse(
      `what stands in ${name} is not the address of a Postgres`,
      "write postgres://user:password@host:5432/database, with special characters as %xx",
    );
  }
  const mode = url.searchParams.get("sslmode");
  if (mode !== null && !modes.has(mode)) {
    return refuse(
      `the address in ${name} has an unknown "sslmode"`,
      `write one of these: ${[...modes].join(", ")}`,
    );
  }
  if (mode === "verify-ca" && !url.searchParams.has("sslrootcert")) {
    return refuse(
      `the address in ${name} says sslmode=verify-ca, and not by which certificate`,
      "add sslrootcert=<file>, or write sslmode=verify-full",
    );
  }
  return success(inDriversWords(address, mode));
}

/** `no-verify` is what the driver has called `require`. */
const modes: ReadonlySet<string> = new Set([
  "disable",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
  "no-verify",
]);

function refuse(message: string, hint: string): Result<never> {
  return failure({ code: "config_invalid", message, hint });
}

/** Behind "@" there need be no host when the folder of a socket is given. */
function readUrl(address: string): URL | null {
  const whole = address.replace("@/", "@localhost/");
  const url = URL.canParse(whole) ? new URL(whole) : null;
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) ? url : null;
}

/** A "#" in a password cuts an address off, and not every %xx is a character. */
function isReadable({ hash, username, password, hostname, pathname, searchParams }: URL): boolean {
  const port = searchParams.get("port") ?? "5432";
  return (
    hash === "" &&
    /^\d{1,5}$/.test(port) &&
    Number(port) < 65_536 &&
    [username, password, hostname, pathname].every(isDecodable)
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** It leaves some %xx in the name of a database as they are, and `sslmode` means to it what PostgreSQL means only if asked. */
function inDriversWords(address: string, mode: string | null): string {
  const [, server = "", path = "", query = ""] = parts.exec(address) ?? [];
  const database = path.replaceAll(/%(?:2[46BCF]|3[ABD]|40)/gi, decodeURIComponent);
  const asked = mode === null || mode === "no-verify" ? "" : "&uselibpqcompat=true";
  return `${server}${database}${query}${asked}`;
}

const parts = /^([^/]+\/\/[^/?]*)([^?]*)(.*)$/s;
