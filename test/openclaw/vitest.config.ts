import { defineConfig } from "vitest/config";

// The suites that need a running OpenClaw; `npm run test:openclaw` starts it. `npm test` does not know them.
export default defineConfig({
  test: {
    include: ["test/openclaw/*.suite.ts"],
    fileParallelism: false,
    // Patience costs time only where a test fails; a busy machine must not make one fail.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
