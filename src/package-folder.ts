import { fileURLToPath } from "node:url";

/** The folder of this package, with what it brings along: the same above the sources and above what is built from them. */
export function packageFolder(): string {
  return fileURLToPath(new URL("..", import.meta.url));
}
