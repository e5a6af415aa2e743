import { defineConfig } from "vitest/config";

/** `npm run coverage`: how much of what decides in a flow run is reached by the tests that start no program. */
export default defineConfig({
  test: {
    include: ["test/flows/*.test.ts", "test/flows/signals/*.test.ts"],
    exclude: ["test/flows/{agents,built-in,chaos}.test.ts"],
    isolate: false,
    testTimeout: 300_000,
    coverage: {
      provider: "v8",
      include: [
        "src/flows/tree/{apply,cause,policy,sight,task-change,touched}.ts",
        "src/flows/{inside,next,waves}.ts",
        "src/flows/tasks/{budget,claim,escalate,outputs,recover,settle}.ts",
        "src/flows/{advance,signals}/*.ts",
      ],
      reporter: ["text-summary"],
      thresholds: { statements: 97, branches: 95 },
    },
  },
});
