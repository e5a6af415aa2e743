import { readFileSync } from "node:fs";
import { Secret } from "../secret.ts";
import { gatewayPaths } from "./gateway-paths.ts";
import type { GatewayHome } from "./gateway-paths.ts";
import { isProcessAlive } from "../system/process-life.ts";
import { parsePublishedGateway } from "./published-gateway.ts";
import type { PublishedGateway } from "./published-gateway.ts";

/** How to call a local gateway. */
export interface LocalGatewayAddress {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly token: Secret;
  readonly pid: number;
}

/** A local gateway whose process is alive. */
export interface LocalGateway extends LocalGatewayAddress {
  readonly startedAt: string;
  readonly version: string;
  /** When its process began, for telling it from another with the same pid; null where unknown. */
  readonly processStart: string | null;
}

/** The config's local gateway as it has published itself, or null when none is alive; nobody is asked whether it answers. */
export function readLocalGateway(home: GatewayHome): LocalGateway | null {
  const published = readPublished(gatewayPaths(home).published);
  if (published === null || !isProcessAlive(published.pid, published.processStart)) return null;
  const { url, token, pid, startedAt, version, processStart } = published;
  return { origin: url, token: new Secret(token), pid, startedAt, version, processStart };
}

/** The document at this path, or null. */
export function readPublished(path: string): PublishedGateway | null {
  try {
    return parsePublishedGateway(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
