import { defineConfig } from "vitest/config";

// The suite that needs installed agents; `npm run test:agents` installs them. `npm test` does not know it.
export default defineConfig({
  test: {
    include: ["test/agents/*.suite.ts"],
    maxConcurrency: 4,
    sequence: { concurrent: true },
    reporters: ["verbose"],
    testTimeout: 90_000,
    hookTimeout: 30_000,
  },
});
