import type { Environment } from "../environment.ts";
import { success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { readLocalGateway } from "./find-gateway.ts";
import type { LocalGateway, LocalGatewayAddress } from "./find-gateway.ts";
import type { GatewayHome } from "./gateway-paths.ts";

/** What is needed to find a local gateway, or to start it. */
export interface EnsureOptions {
  readonly config: GatewayHome;
  /** The program, by its absolute path, and the arguments that become the gateway of this very config. */
  readonly startCommand: readonly string[];
  readonly env: Environment;
  /** The most time that starting may take; 15 s unless said otherwise. */
  readonly timeoutMs?: number;
  /** Whether something answers at `<origin>/healthz`, within its own short time limit. */
  readonly isHealthy: (origin: string) => Promise<boolean>;
}

/** The address of the config's local gateway; starts it when there is none. */
export async function ensureLocalGateway(
  options: EnsureOptions,
): Promise<Result<LocalGatewayAddress>> {
  const found = readLocalGateway(options.config);
  if (found !== null && (await options.isHealthy(found.origin))) return success(found);
  // Loaded only now: most calls find a gateway, and pay for nothing else.
  const { startLocalGateway } = await import("./start-gateway.ts");
  return startLocalGateway(options, found);
}

/** How a config's local gateway is doing. */
export type LocalGatewayStatus =
  | { readonly kind: "running"; readonly gateway: LocalGateway }
  | { readonly kind: "not_answering"; readonly gateway: LocalGateway }
  | { readonly kind: "stopped" };

/** Looks at a config's local gateway and starts nothing. */
export async function checkLocalGateway(
  home: GatewayHome,
  isHealthy: (origin: string) => Promise<boolean>,
): Promise<LocalGatewayStatus> {
  const gateway = readLocalGateway(home);
  if (gateway === null) return { kind: "stopped" };
  return { kind: (await isHealthy(gateway.origin)) ? "running" : "not_answering", gateway };
}
