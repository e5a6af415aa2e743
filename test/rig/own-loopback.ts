import { randomInt } from "node:crypto";

/**
 * An address of this machine that no other test uses. Where a server goes down and comes up again at the same port, nobody
 * takes the port meanwhile. Only Linux has more than one such address.
 */
export function ownLoopback(): string {
  if (process.platform !== "linux") return "127.0.0.1";
  return ["127", randomInt(1, 255), randomInt(1, 255), randomInt(1, 255)].join(".");
}
