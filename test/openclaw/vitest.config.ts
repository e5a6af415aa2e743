import { defineConfig } from "vitest/config";

// The suites that need a running OpenClaw; `npm run test:openclaw` starts it. `npm test` does not know them.
export default defineConfig({
  test: {
    include: ["test/openclaw/*.suite.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
