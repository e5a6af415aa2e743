import type { Config } from "../config/config.ts";

/** What says which local gateway is meant: there is one for each config in each handoff folder. */
export type GatewayHome = Pick<Config, "path" | "handoffDir">;

/** Where a local gateway keeps what it needs to be found, to be the only one, and to be understood. */
export interface GatewayPaths {
  /** The handoff folder that it is in. */
  readonly root: string;
  readonly folder: string;
  /** Its address and token, there while it can be called. */
  readonly published: string;
  readonly log: string;
  readonly lock: string;
  /** There while somebody starts the gateway. */
  readonly starting: string;
  /** A folder for the front of the agents' PATH. */
  readonly programs: string;
}

/** The paths of a config's local gateway; its folder can't be mistaken for a run, since no run id starts with a dot. */
export function gatewayPaths({ path, handoffDir }: GatewayHome): GatewayPaths {
  const folder = `${handoffDir}/.gateway/${shortHash(path)}`;
  return {
    root: handoffDir,
    folder,
    published: `${folder}/gateway.json`,
    log: `${folder}/gateway.log`,
    lock: `${folder}/lock.db`,
    starting: `${folder}/starting`,
    programs: `${folder}/bin`,
  };
}

/** 53 bits of a text (cyrb53): enough to keep a few configs apart, and free of a crypto module at start-up. */
function shortHash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (4_294_967_296 * (b & 2_097_151) + (a >>> 0)).toString(16).padStart(14, "0");
}
