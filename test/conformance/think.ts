import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Orders } from "./orders.ts";

/** Thinks for as long as was ordered, or until nobody wants to know any more. */
export async function think(
  { delayMs, until }: Pick<Orders, "delayMs" | "until">,
  isGivenUp: () => boolean,
): Promise<void> {
  if (delayMs > 0) await sleep(delayMs);
  if (until === null) return;
  while (!existsSync(until) && !isGivenUp()) await sleep(20);
}
