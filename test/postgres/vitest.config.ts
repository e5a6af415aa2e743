import { defineConfig } from "vitest/config";

// The suites that need a PostgreSQL; `npm run test:postgres` starts it. `npm test` does not know them.
export default defineConfig({
  test: {
    include: ["test/postgres/*.suite.ts"],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
