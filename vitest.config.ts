import { readFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

interface LintOverride {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

/** The files that decide and do nothing else, as the linter knows them. */
function pureFiles(): string[] {
  const lint: { readonly overrides: readonly LintOverride[] } = JSON.parse(
    readFileSync(new URL(".oxlintrc.json", import.meta.url), "utf8"),
  );
  return lint.overrides
    .filter(({ rules }) => "import/no-nodejs-modules" in rules)
    .flatMap(({ files }) => files);
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test changes what others see, and no module keeps a state: a process for each file would only cost time.
    isolate: false,
    // Programs that tests start are compiled once, and not each time anew; it is the launcher's own cache.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") },
    // Most tests wait for processes and sockets, and not for the processor.
    maxWorkers: 2 * availableParallelism(),
    // Patience costs time only where a test fails; a busy machine must not make one fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: pureFiles(),
      exclude: ["**/*.d.ts"],
      reporter: ["text-summary"],
    },
  },
});
