import { Turnstile } from "../../../turnstile.ts";

/** DBOS is one for a whole process. */
const places = new Turnstile(1);

/**
 * Waits until no other worker is in this process. The value is called when this one is done; null when the signal has
 * fired before its turn came.
 */
export async function enterProcess(signal: AbortSignal): Promise<(() => void) | null> {
  const leave = places.tryToEnter();
  if (leave !== null || signal.aborted) return leave;
  const entering = places.enter();
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const giveUp = (): void => resolve(null);
  signal.addEventListener("abort", giveUp, { once: true });
  const entered = await Promise.race([entering, aborted]);
  signal.removeEventListener("abort", giveUp);
  if (entered === null) void entering.then((leaveAtOnce) => leaveAtOnce());
  return entered;
}
