import { setImmediate } from "node:timers/promises";

/**
 * Keeps V8 from optimizing the HTTP client's parser, which is WebAssembly: a process can't end before the thread that
 * does so is finished, 20 to 30 ms after its work, and a parser of a few answers never earns that back.
 */
export async function calmWasm(): Promise<void> {
  // Code that was cached under other flags is of no use: what is needed is loaded first, and its cache kept in order.
  await setImmediate();
  const v8 = process.getBuiltinModule("node:v8");
  v8.setFlagsFromString("--no-wasm-tier-up");
  v8.setFlagsFromString("--no-wasm-dynamic-tiering");
  process.once("exit", () => {
    v8.setFlagsFromString("--wasm-tier-up");
    v8.setFlagsFromString("--wasm-dynamic-tiering");
  });
}
