import { resolve } from "node:path";
import type { Plugin } from "esbuild";

/** A module that a package asks for, and what it gets instead. */
interface LeftOut {
  /** In which files, by their path. */
  readonly importer: RegExp;
  /** By the words in `import` or `require`. */
  readonly module: RegExp;
  /** CommonJS. */
  readonly instead: string;
}

const undici = /[\\/]undici[\\/]lib[\\/]/;

const leftOut: readonly LeftOut[] = [
  // HTTP/2 is never used (allowH2: false); it would load TLS and crypto.
  {
    importer: undici,
    module: /\/client-h2\.js$/,
    instead: `module.exports = () => { ${thrown("HTTP/2")} };`,
  },
  // Only needed for bodies that are forms; ours are strings.
  { importer: undici, module: /\/web\/(?:fetch|webidl)/, instead: thrown("fetch") },
  // Wanted for a default and for telling an incoming message from other streams: 4 ms at every start.
  {
    importer: undici,
    module: /^node:http$/,
    instead: "exports.maxHeaderSize = 16384; exports.IncomingMessage = class {};",
  },
  // Node's own opens stderr just to learn about colors: 4 ms at every start.
  {
    importer: undici,
    module: /^node:assert$/,
    instead:
      'module.exports = (value, message) => { if (!value) throw message instanceof Error ? message : new Error(message ?? "assertion failed in undici"); };',
  },
  // A tree of well-known header names, only to intern them: 1 ms to plant, and a miss is no mistake.
  {
    importer: undici,
    module: /\/tree(?:\.js)?$/,
    instead: "exports.tree = { lookup: () => null };",
  },
];

/** Leaves out of a bundle what its packages ask for but never use here: it would be most of the start. */
export function slim(): Plugin {
  return {
    name: "slim",
    setup(bundler) {
      // Of undici only its client is needed; its `fetch`, mocks and caches would cost 25 ms at every start.
      bundler.onResolve({ filter: /^undici$/ }, () => ({
        path: "undici-client",
        namespace: "client",
      }));
      bundler.onLoad({ filter: /.*/, namespace: "client" }, () => ({
        contents: 'import Client from "undici/lib/dispatcher/client.js"; export { Client };',
        resolveDir: import.meta.dirname,
      }));
      // The client of Discord's API has a build that leaves HTTP to the `fetch` that Node has anyway.
      bundler.onResolve({ filter: /^@discordjs\/rest$/ }, () => ({
        path: resolve(import.meta.dirname, "../node_modules/@discordjs/rest/dist/web.mjs"),
      }));
      leftOut.forEach(({ importer, module }, index) => {
        bundler.onResolve({ filter: module }, (args) =>
          importer.test(args.importer) ? { path: String(index), namespace: "left-out" } : undefined,
        );
      });
      bundler.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
        contents: leftOut[Number(path)]?.instead ?? "",
      }));
    },
  };
}

function thrown(name: string): string {
  return `throw new Error("${name} is left out of this build");`;
}
