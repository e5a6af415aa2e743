import { rmSync } from "node:fs";
import { writeWhole } from "../system/write-whole.ts";
import { readPublished } from "./find-gateway.ts";
import type { PublishedGateway } from "./published-gateway.ts";

/** Tells callers where the gateway is; whole or not at all. */
export function publishGateway(path: string, gateway: PublishedGateway): void {
  writeWhole(path, gateway);
}

/** Whether callers find this gateway, another one, or none. */
export function whoIsPublished(path: string, own: PublishedGateway): "own" | "other" | "none" {
  const published = readPublished(path);
  if (published === null) return "none";
  return published.token === own.token ? "own" : "other";
}

/** Takes the gateway's address back, unless another one's stands there. */
export function unpublishGateway(path: string, own: PublishedGateway): void {
  if (whoIsPublished(path, own) !== "own") return;
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder that can't be written any more: callers see that the process is gone.
  }
}
