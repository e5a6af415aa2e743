/** Why a URL can't be a gateway's, or its origin. */
export type GatewayUrl =
  | { readonly ok: true; readonly origin: string; readonly isPlain: boolean }
  | { readonly ok: false; readonly what: string };

/** Reads the URL of a gateway: scheme, host and port, and nothing else. */
export function readGatewayUrl(text: string): GatewayUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return { ok: false, what: 'must be like "http://127.0.0.1:18789"' };
  }
  if (url.username !== "" || url.password !== "") {
    return { ok: false, what: 'must not contain a user or a password; use "token"' };
  }
  if (url.search !== "" || url.hash !== "") {
    return { ok: false, what: "must not contain a query or a fragment" };
  }
  if (url.pathname !== "/") {
    return { ok: false, what: 'must not contain a path; put it into "hookPath"' };
  }
  return {
    ok: true,
    origin: url.origin,
    isPlain: url.protocol === "http:" && !isLoopback(url.hostname),
  };
}

/** Whether a host (as a parsed URL names it) is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
