import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { build, transform } from "esbuild";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import { loadWhole, loadWholeOnDemand } from "./compile-whole.ts";

/** Where the sources are, where the files go, and the options for what every run loads, and for the rest. */
export interface CommandBuild {
  readonly root: string;
  readonly folder: string;
  readonly hot: BuildOptions;
  readonly cold: BuildOptions;
}

/** What every delegation imports on its way; all else that is imported dynamically is for few runs. */
const neededByMostRuns = /\/commands\/delegate\.ts$|\/handoff\/inbox\.ts$/;

/**
 * Builds the command: one small file that every run loads, and others that it loads on demand. No module of ours is in
 * two files: those on demand borrow from the first what it has, so that a class or a variable is there only once.
 */
export async function buildCommand({ root, folder, hot, cold }: CommandBuild): Promise<void> {
  const onDemand = new Map<string, string>();
  const apart: BuildOptions = {
    ...hot,
    absWorkingDir: root,
    outfile: resolve(root, folder, "delegate.cjs"),
    plugins: [...(hot.plugins ?? []), setApart(root, onDemand)],
  };
  const main = "./bin/delegate.ts";
  const draft = await build({ ...apart, entryPoints: [main], metafile: true, write: false });
  const inHotFile = new Set(Object.keys(draft.metafile.inputs));
  const borrowed = await buildOnDemand({ root, folder, hot, cold }, onDemand, inHotFile);
  const { outputFiles } = await build({
    ...apart,
    stdin: {
      contents: lendingEntry(main, borrowed, reachedAtStart(draft.metafile)),
      resolveDir: root,
    },
    write: false,
  });
  for (const { path, text } of outputFiles)
    writeFileSync(path, path.endsWith(".cjs") ? loadWhole(text) : text);
  mustBeAscii(resolve(root, folder, "delegate.cjs"));
}

/** The program, and its modules for the files on demand; what is not needed at the start is not run by being lent. */
function lendingEntry(main: string, lent: readonly string[], atStart: ReadonlySet<string>): string {
  const lines = lent.map((name, index) =>
    atStart.has(name)
      ? [`import * as lent${index} from "./${name}";`, `() => lent${index},`]
      : ["", `() => require("./${name}"),`],
  );
  const imports = lines.map(([line]) => line).join("\n");
  const getters = lines.map(([, line]) => line).join("\n");
  return `${imports}\nimport "${main}";\nexport const lent = [${getters}];`;
}

/** The modules that run before anything is imported dynamically. */
function reachedAtStart({ inputs }: Metafile): ReadonlySet<string> {
  const reached = new Set(["bin/delegate.ts"]);
  for (const path of reached)
    for (const { path: next, kind } of inputs[path]?.imports ?? [])
      if (kind === "import-statement") reached.add(next);
  return reached;
}

/** Builds the files on demand; the value names the modules that they borrow. */
async function buildOnDemand(
  { root, folder, cold }: CommandBuild,
  entries: ReadonlyMap<string, string>,
  inHotFile: ReadonlySet<string>,
): Promise<readonly string[]> {
  const borrowed = new Set<string>();
  const { outputFiles } = await build({
    ...cold,
    banner: {},
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...entries].map(([path, name]) => [name, path])),
    outdir: resolve(root, folder),
    outExtension: { ".js": ".cjs" },
    format: "esm",
    splitting: true,
    plugins: [...(cold.plugins ?? []), borrow(root, inHotFile, borrowed)],
    write: false,
  });
  mkdirSync(resolve(root, folder), { recursive: true });
  const names = [...borrowed];
  for (const { path, text } of outputFiles)
    writeFileSync(path, path.endsWith(".cjs") ? await asCommonJs(text, names, cold) : text);
  return names;
}

/** Only ES modules can be split; only CommonJS starts fast. */
async function asCommonJs(
  text: string,
  borrowed: readonly string[],
  { target = "node22", banner }: BuildOptions,
): Promise<string> {
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target,
    minify: true,
    // An import() would start Node's loader of ES modules.
    supported: { "dynamic-import": false },
    ...(text.includes("__moduleUrl") && banner?.["js"] !== undefined
      ? { banner: banner["js"] }
      : {}),
  });
  return loadWholeOnDemand(
    code.replaceAll(
      /require\("borrowed:([^"]+)"\)/g,
      (_, name: string) => `require("./delegate.cjs").lent[${borrowed.indexOf(name)}]()`,
    ),
  );
}

/** Leaves what is imported dynamically to files of their own, and collects it. */
function setApart(root: string, found: Map<string, string>): Plugin {
  return {
    name: "set-apart",
    setup(bundler) {
      bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
        const target = resolve(resolveDir, path);
        if (kind !== "dynamic-import" || neededByMostRuns.test(target)) return undefined;
        const name = nameOf(root, target)
          .replace(/^src\//, "")
          .replace(/\.ts$/, "")
          .replaceAll("/", "-");
        found.set(target, name);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  };
}

/** Leaves out what is in the file that every run loads, and collects it. */
function borrow(root: string, inHotFile: ReadonlySet<string>, borrowed: Set<string>): Plugin {
  return {
    name: "borrow",
    setup(bundler) {
      bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const name = nameOf(root, resolve(resolveDir, path));
        if (!inHotFile.has(name) || !name.startsWith("src/")) return undefined;
        borrowed.add(name);
        return { path: `borrowed:${name}`, external: true };
      });
    },
  };
}

/** The name that the bundler gives to a source file: its path below the root. */
function nameOf(root: string, path: string): string {
  return relative(root, path).replaceAll("\\", "/");
}

/** One letter beyond ASCII, as in a pattern, makes V8 keep and read the whole program as text twice as wide: 1 ms. */
function mustBeAscii(path: string): void {
  const at = readFileSync(path).findIndex((byte) => byte > 0x7f);
  if (at !== -1)
    throw new Error(`${path} has a letter beyond ASCII at byte ${at}: write it as \\u`);
}
