import type { Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import type { StoreTrouble } from "../store-trouble.ts";
import type { Trouble } from "./trouble.ts";
import { failureOf, isPassing } from "./trouble.ts";

/** Does something with the file; what SQLite can't do becomes a failure, what else is thrown is a bug. */
export function attempt<T>(path: string, body: () => T): Result<T, StoreTrouble> {
  try {
    return success(body());
  } catch (error) {
    return failure(storeTroubleOf(path, error));
  }
}

/** The same for whoever does not try again. */
export function answer<T>(path: string, body: () => T): Result<T> {
  const result = attempt(path, body);
  return result.ok ? result : failure(result.failure.failure);
}

/** The same for what takes a while. */
export async function answerInTime<T>(path: string, body: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await body());
  } catch (error) {
    return failure(storeTroubleOf(path, error).failure);
  }
}

function storeTroubleOf(path: string, error: unknown): StoreTrouble {
  const trouble = troubleOf(error);
  if (trouble === null) throw error;
  return { failure: failureOf(path, trouble), isPassing: isPassing(trouble) };
}

/** What SQLite says with an error, or null when the error is not SQLite's. */
export function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number")
    return null;
  // The lower byte is the primary code.
  return { code: error.errcode % 256, message: error.message };
}
