import { pathToFileURL } from "node:url";
import { thisProcess } from "../../run/stored/process-identity.ts";

/** Where a file of this machine is, for whoever is on another one: a URI with the machine's name. */
export function fileUri(path: string): string {
  return `file://${thisProcess().host}${pathToFileURL(path).pathname}`;
}
