import type { Result } from "../src/failure.ts";

/** What went well; all else ends the benchmark. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
