import { parseFields } from "../json/fields.ts";

/** The name and version of the document `gateway.json`. */
export const GATEWAY_SCHEMA = "delegate.gateway.v1";

/** What a running local gateway tells those who want to call it. */
export interface PublishedGateway {
  readonly schema: typeof GATEWAY_SCHEMA;
  /** Scheme, host and port. */
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** When the system says that this process began, so that a reused pid is not taken for it; null where unknown. */
  readonly processStart: string | null;
  readonly startedAt: string;
  readonly version: string;
}

/** Reads `gateway.json`, or null when it is not one; an address off this machine is not accepted. */
export function parsePublishedGateway(text: string): PublishedGateway | null {
  const value = parseFields(text);
  if (value === null || value["schema"] !== GATEWAY_SCHEMA) return null;
  const { url, token, pid, processStart, startedAt, version } = value;
  if (typeof url !== "string" || !/^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url)) return null;
  if (typeof token !== "string" || token === "") return null;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid < 2) return null;
  return {
    schema: GATEWAY_SCHEMA,
    url,
    token,
    pid,
    processStart: typeof processStart === "string" ? processStart : null,
    startedAt: typeof startedAt === "string" ? startedAt : "",
    version: typeof version === "string" ? version : "",
  };
}
