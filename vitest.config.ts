import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/rig/longest-first.ts";
import { temporaryPlace } from "./test/rig/temporary-place.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/rig/build-programs.ts",
    // No test changes what others see, and no module keeps a state: a process for each file would only cost time.
    isolate: false,
    env: {
      // Programs that tests start are compiled once, and not each time anew; it is the launcher's own cache.
      NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
      TMPDIR: temporaryPlace(),
    },
    // Each worker loads the sources once. Most tests wait for processes and sockets, so many of one file run at once instead.
    maxWorkers: availableParallelism() + 3,
    maxConcurrency: 8,
    sequence: { sequencer: LongestFirst },
    // Patience costs time only where a test fails; a busy machine must not make one fail.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
