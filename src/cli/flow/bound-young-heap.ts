/**
 * Keeps V8 from giving more and more room to what lives for a moment, tens of MiB of it, and never taking it back: what
 * a worker holds for long is some 15 MiB, and it stays for weeks. Code that is loaded later is compiled anew each time.
 */
export function boundYoungHeap(): void {
  const v8 = process.getBuiltinModule("node:v8");
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  // What is compiled is cached at the end, and of use only under the flags that it was cached with.
  process.once("exit", () => v8.setFlagsFromString("--semi-space-growth-factor=2"));
}
