import { main } from "../src/cli/main.ts";

void main({ words: process.argv.slice(2), env: process.env, cwd: currentFolder() }).then(
  (exitCode) => process.exit(exitCode),
);

/** The folder may have been deleted meanwhile; its name still tells where to look for a config. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env["PWD"] ?? "/";
  }
}
