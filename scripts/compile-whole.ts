/*
 * V8 compiles a function when it is called first, and Node's compile cache keeps a file as it was before that: what is
 * called would be compiled anew by every process. So our files are compiled whole. Node's own modules are not: the
 * cache that they bring counts only under V8's usual flags.
 */

/** Begins the file that every run loads. The launcher has had it compiled whole, if there is a cache. */
export const wholeBanner = `
var __v8 = process.getBuiltinModule("node:v8");
var __isCached = process.getBuiltinModule("node:module").getCompileCacheDir() !== undefined;
var __compileWhole = (isWhole) => __v8.setFlagsFromString(isWhole ? "--no-lazy" : "--lazy");
var __load = (require, path) => {
  __compileWhole(__isCached);
  try { return require(path); } finally { __compileWhole(false); }
};
__compileWhole(false);
`;

/** Ends it: what the files on demand need of this. */
export const wholeFooter =
  "Object.assign(module.exports, { compileWhole: __compileWhole, load: __load });";

/** Has the file that every run loads load others whole. */
export function loadWhole(code: string): string {
  return code.replaceAll(ownFile, '__load(require, "$1")');
}

/** The same for a file on demand; what it loads of Node itself is not concerned. */
export function loadWholeOnDemand(code: string): string {
  const loads = code.replaceAll(ownFile, 'require("./delegate.cjs").load(require, "$1")');
  return `require("./delegate.cjs").compileWhole(false);${loads}`;
}

const ownFile = /\brequire\("(\.\/(?!delegate\.)[^"]+\.cjs)"\)/g;
