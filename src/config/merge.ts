import { escapePointer } from "../json/pointer.ts";
import { addressKeys, commandKeys, gatewayKeys } from "./written.ts";
import type { AgentKey, WrittenAgent, WrittenConfig, WrittenRegistry } from "./written.ts";

/** An agent as config and registry together write it. */
export interface AgentEntry {
  readonly name: string;
  readonly written: WrittenAgent;
  /** Where a key of it stands, or where the agent itself stands. */
  readonly placeOf: (key?: AgentKey) => string;
}

/** A registry, and how problems in it name its file. */
export interface RegistryFile {
  readonly label: string;
  readonly written: WrittenRegistry;
}

/** All agents of config and registry; what the config says wins, key by key. */
export function mergeAgents(config: WrittenConfig, registry: RegistryFile | null): AgentEntry[] {
  const own = new Map(Object.entries(config.agents ?? {}));
  const registered = new Map(Object.entries(registry?.written.agents ?? {}));
  const label = registry === null ? "" : `${registry.label}#`;
  const names = new Set([...own.keys(), ...registered.keys()]);
  return [...names].map((name) => {
    const ownKeys = own.get(name) ?? {};
    const inherited = inheritable(registered.get(name) ?? {}, ownKeys);
    const place = `/agents/${escapePointer(name)}`;
    const isOwn = (key?: AgentKey) =>
      key === undefined
        ? own.has(name)
        : ownKeys[key] !== undefined || inherited[key] === undefined;
    return {
      name,
      written: { ...inherited, ...ownKeys },
      placeOf: (key?: AgentKey) =>
        (isOwn(key) && own.has(name) ? place : `${label}${place}`) +
        (key === undefined ? "" : `/${key}`),
    };
  });
}

const registryKeys: readonly AgentKey[] = [...gatewayKeys, "timeoutSeconds"];

/** What an agent takes from the registry: nothing when it is a command here, no second address when it has one. */
function inheritable(registered: WrittenAgent, own: WrittenAgent): WrittenAgent {
  if (commandKeys.some((key) => own[key] !== undefined)) return {};
  const hasAddress = addressKeys.some((key) => own[key] !== undefined);
  const isTaken = (key: string) =>
    registryKeys.some((known) => known === key) &&
    !(hasAddress && addressKeys.some((address) => address === key));
  return Object.fromEntries(Object.entries(registered).filter(([key]) => isTaken(key)));
}
