import { readlinkSync } from "node:fs";
import { isAlive, thisProcess } from "../../run/stored/process-identity.ts";
import type { ProcessIdentity } from "../../run/stored/request.ts";

/** This process as all processes of a store know it. Containers may share a host's name, but not its process numbers. */
export function ownIdentity(): ProcessIdentity {
  const own = thisProcess();
  return { ...own, host: placeOf(own.host) };
}

/** This process as a worker, for people. */
export function ownName(): string {
  const { host, pid } = thisProcess();
  return `${host}:${pid}`;
}

/** Whether this process can tell if that one is alive. */
export function isOfHere(identity: ProcessIdentity): boolean {
  return identity.host === ownIdentity().host;
}

/** Whether a process has certainly ended; of those elsewhere nobody can say. */
export function hasDied(identity: ProcessIdentity): boolean {
  return isOfHere(identity) && !isAlive(identity);
}

function placeOf(host: string): string {
  try {
    return `${host} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return host;
  }
}
