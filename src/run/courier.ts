import { pause } from "../system/pause.ts";
import type { GatewayAddress } from "../gateway/client.ts";
import { GatewayClient } from "../gateway/client.ts";
import type { SendResult } from "./decide/decide-sent.ts";
import { hold, mayHold } from "./hold.ts";
import type { CourierTools, Parcel } from "./parcel.ts";
import { send } from "./send.ts";

/** Milliseconds that an agent gets to answer before a second request is held open: some have answered already. */
const HOLD_AFTER_MS = 50;

/** Takes one attempt to its gateway and reports what becomes of it; ends early when the signal fires. */
export async function deliver(parcel: Parcel, tools: CourierTools): Promise<void> {
  const reached = await tools.reach();
  if (!reached.ok) {
    await parcel.isWatching;
    report(parcel, tools, { kind: "failed", failure: reached.failure });
    return;
  }
  const client = new GatewayClient(reached.value);
  try {
    const result = await send(parcel, client, tools);
    if (tools.isOver()) return;
    report(parcel, tools, result);
    if (parcel.holds && mayHold(result, reached.value))
      await holdIfThereIsRoom(parcel, reached.value, client, tools);
  } finally {
    await client.close();
  }
}

/** Connects again to an attempt that its gateway has admitted and still knows by its key. */
export async function reattach(
  parcel: Parcel,
  address: GatewayAddress,
  admittedAtMs: number,
  tools: CourierTools,
): Promise<void> {
  const client = new GatewayClient(address);
  try {
    await hold(parcel, { address, client, admittedAtMs }, tools);
  } finally {
    await client.close();
  }
}

/** Now or never: a gateway that was restarted meanwhile would take the held request for a new one. */
async function holdIfThereIsRoom(
  parcel: Parcel,
  address: GatewayAddress,
  client: GatewayClient,
  tools: CourierTools,
): Promise<void> {
  const leave = tools.holds === null ? noTurnstile : tools.holds.tryToEnter();
  if (leave === null) return;
  const admittedAtMs = tools.clock.nowMs();
  try {
    await pause(HOLD_AFTER_MS, tools.signal);
    if (!tools.isOver()) await hold(parcel, { address, client, admittedAtMs }, tools);
  } finally {
    leave();
  }
}

function noTurnstile(): void {}

function report(parcel: Parcel, tools: CourierTools, result: SendResult): void {
  tools.report({ kind: "sent", attempt: parcel.attempt, result });
}
