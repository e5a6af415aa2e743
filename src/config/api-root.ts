import { isLoopback } from "./gateway-url.ts";

/** Why a service that is given a token must not be asked at an address. */
export type ApiRootTrouble = "no_address" | "credentials" | "plain_http";

/** What is wrong with the address of a service's API, or null. */
export function findApiRootTrouble(text: string): ApiRootTrouble | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    return "no_address";
  }
  if (url.username !== "" || url.password !== "") return "credentials";
  return url.protocol === "http:" && !isLoopback(url.hostname) ? "plain_http" : null;
}
