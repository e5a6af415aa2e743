import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test changes what others see: no module keeps a state, and a process of its own for each file costs half as much again as all tests that start no program.
    isolate: false,
    // Most tests wait for processes and sockets, and not for the processor.
    maxWorkers: 2 * availableParallelism(),
    // Patience costs time only where a test fails; a busy machine must not make one fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["**/*.d.ts"],
      reporter: ["text-summary"],
    },
  },
});
