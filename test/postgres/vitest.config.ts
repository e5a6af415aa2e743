import { defineConfig } from "vitest/config";

// The suites that need a PostgreSQL; `npm run test:postgres` starts it. `npm test` does not know them.
export default defineConfig({
  test: {
    include: ["test/postgres/*.suite.ts"],
    // Much of their time is spent waiting for what a worker notices only after a while.
    maxWorkers: 4,
    // Patience costs time only where a test fails; a busy machine must not make one fail.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
