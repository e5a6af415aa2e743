import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { BUILT_PROGRAMS } from "./program-path.ts";

const root = resolve(import.meta.dirname, "../..");

/** What tests start again and again. */
const programs = ["test/flows/conformance/worker-process.ts", "test/local/fixtures/gateway.ts"];

/** Makes one file of each program before all tests: a hundred modules with types take three times as long to start. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "delegate-programs-"));
  await build({
    absWorkingDir: root,
    entryPoints: programs,
    entryNames: "[name]",
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is loaded on demand stays apart, and with it what only PostgreSQL needs.
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["pg", "@dbos-inc/dbos-sdk"],
    // For packages that were written as CommonJS.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  process.env[BUILT_PROGRAMS] = folder;
  return () => rm(folder, { recursive: true });
}
