import { codeOf } from "../thrown.ts";

/**
 * One short line about a connection error, without a library's own wording where a plain word is known. `fetch` says
 * "fetch failed" and keeps what happened as the cause.
 */
export function describeConnectionError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause) ?? "";
  return plainWords[code] ?? (cause.message || code || cause.name);
}

const plainWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  UND_ERR_SOCKET: "connection closed",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10 s",
  ENOTFOUND: "host name not found",
  EAI_AGAIN: "host name not found",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
};
