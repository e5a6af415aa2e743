import { defineConfig } from "vitest/config";

// The suites that need a PostgreSQL; `npm run test:postgres` starts it. `npm test` does not know them.
export default defineConfig({
  test: {
    include: ["test/postgres/*.suite.ts"],
    // Much of their time is spent waiting for what a worker notices only after a while.
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
