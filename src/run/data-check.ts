import type { Problem, Result } from "../failure.ts";
import { success } from "../failure.ts";

/** Says what is wrong with a handoff's `data`. */
export type DataCheck = (data: unknown) => readonly Problem[];

/** The check that a caller's JSON Schema makes; null when there is none. */
export async function compileDataCheck(dataSchema: unknown): Promise<Result<DataCheck | null>> {
  if (dataSchema === null) return success(null);
  const { compileDataSchema } = await import("../handoff/data-schema.ts");
  return compileDataSchema(dataSchema);
}
