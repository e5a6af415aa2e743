import { test } from "vitest";
import type { WorkerPace } from "../../../src/flows/store/worker-pace.ts";
import { StoreRig } from "./rig.ts";
import type { StoreKind } from "./store-kind.ts";

/** A test with a store of its own, which is gone with all that works on it when the test is over. */
export const storeTest = test.extend("newRig", async ({ task: _task }, { onCleanup }) => {
  const rigs: StoreRig[] = [];
  onCleanup(async () => {
    await Promise.all(rigs.map((rig) => rig.dispose()));
  });
  return async (kind: StoreKind, pace?: WorkerPace): Promise<StoreRig> => {
    const rig = await StoreRig.create(kind, pace);
    rigs.push(rig);
    return rig;
  };
});
