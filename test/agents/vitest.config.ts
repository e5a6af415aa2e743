import { defineConfig } from "vitest/config";

// The suite that needs installed agents; `npm run test:agents` installs them. `npm test` does not know it.
export default defineConfig({
  test: {
    include: ["test/agents/*.suite.ts"],
    maxConcurrency: 4,
    sequence: { concurrent: true },
    reporters: ["verbose"],
    // Patience costs time only where a test fails; a busy machine must not make one fail.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
