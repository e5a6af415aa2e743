import { main } from "../src/cli/main.ts";

/** How long something that was not closed may still keep the process, in milliseconds. */
const LINGER_MS = 500;

void main({ words: process.argv.slice(2), env: process.env, cwd: currentFolder() }).then(end);

/**
 * Ends the process by leaving it nothing to do. `process.exit()` waits for the threads on which V8 compiles, and these
 * may wait for the main thread to collect garbage, for ever: https://github.com/nodejs/node/issues/54918
 */
function end(exitCode: number): void {
  process.exitCode = exitCode;
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** The folder may have been deleted meanwhile; its name still tells where to look for a config. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env["PWD"] ?? "/";
  }
}
