import { statSync } from "node:fs";
import type { Config } from "../config/config.ts";
import type { Result } from "../failure.ts";

/** The config as it stands in its file now: read again when the file has changed since. */
export function createCurrentConfig(
  first: Config,
  load: () => Result<Config>,
): () => Result<Config> {
  let current: Result<Config> = { ok: true, value: first };
  let stamp = stampOf(first.path);
  return () => {
    const now = stampOf(first.path);
    if (now !== stamp) {
      current = load();
      stamp = now;
    }
    return current;
  };
}

function stampOf(path: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return "";
  }
}
