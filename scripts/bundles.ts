import { resolve } from "node:path";
import { build } from "esbuild";
import type { BuildOptions, Plugin } from "esbuild";
import { buildCommand } from "./command-bundle.ts";
import { wholeBanner, wholeFooter } from "./compile-whole.ts";
import { slim } from "./slim.ts";

const root = resolve(import.meta.dirname, "..");

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node22",
  minify: true,
  legalComments: "external",
  logLevel: "warning",
  // Installed only by those who keep flow runs in Postgres.
  external: ["pg", "@dbos-inc/dbos-sdk"],
  // undici's own way to leave out its second, experimental parser.
  define: { esbuildDetection: "true" },
};

const moduleUrl = 'var __moduleUrl = require("node:url").pathToFileURL(__filename).href;';

/** Node loads its `performance` at the first use, and takes longer for that than for most that would be measured. */
const ownPerformance = `
var __now = () => { const [seconds, rest] = process.hrtime(); return seconds * 1e3 + rest / 1e6; };
var __timeOrigin = Date.now() - __now();
`;

/** undici has its parser twice; the one without SIMD instructions is for few processors. */
const withoutSimd = "llhttp-no-simd.cjs";

const parserApart: Plugin = {
  name: "parser-apart",
  setup(bundler) {
    bundler.onResolve({ filter: /\/llhttp-wasm\.js$/ }, () => ({
      path: `./${withoutSimd}`,
      external: true,
    }));
  },
};

const onDemand: BuildOptions = {
  ...common,
  plugins: [slim(), parserApart],
  banner: { js: moduleUrl },
  define: { ...common.define, "import.meta.url": "__moduleUrl" },
};

/** CommonJS, because it starts faster than ES modules. */
const everyRun: BuildOptions = {
  ...onDemand,
  format: "cjs",
  // An import() would start Node's loader of ES modules.
  supported: { "dynamic-import": false },
  banner: { js: wholeBanner + moduleUrl + ownPerformance },
  footer: { js: wholeFooter },
  define: {
    ...onDemand.define,
    "performance.now": "__now",
    "performance.timeOrigin": "__timeOrigin",
  },
};

const library: BuildOptions = {
  ...common,
  entryPoints: ["src/index.ts"],
  format: "esm",
  splitting: true,
  plugins: [slim(), parserApart],
  // For packages that were written as CommonJS.
  define: { ...common.define, __filename: "import.meta.filename" },
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

/** Builds the command, the library, and what both load on demand, into this folder. */
export async function buildBundles(folder: string, more: BuildOptions = {}): Promise<void> {
  await Promise.all([
    buildCommand({ root, folder, hot: { ...everyRun, ...more }, cold: { ...onDemand, ...more } }),
    build({ ...library, ...more, absWorkingDir: root, outdir: resolve(root, folder) }),
    build({
      ...common,
      stdin: {
        contents: 'module.exports = require("undici/lib/llhttp/llhttp-wasm.js");',
        resolveDir: root,
      },
      outfile: resolve(root, folder, withoutSimd),
      format: "cjs",
    }),
  ]);
}
