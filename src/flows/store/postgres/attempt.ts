import type { Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import type { StoreTrouble } from "../store-trouble.ts";
import { failureOf, isPassing, PostgresTrouble } from "./trouble.ts";

/** Does something with Postgres; what that can't do becomes a failure, what else is thrown is a bug. */
export async function attempt<T>(
  name: string,
  body: () => Promise<T>,
): Promise<Result<T, StoreTrouble>> {
  try {
    return success(await body());
  } catch (error) {
    if (!(error instanceof PostgresTrouble)) throw error;
    return failure({ failure: failureOf(name, error), isPassing: isPassing(error) });
  }
}

/** The same for whoever does not try again. */
export async function answer<T>(name: string, body: () => Promise<T>): Promise<Result<T>> {
  const result = await attempt(name, body);
  return result.ok ? result : failure(result.failure.failure);
}
