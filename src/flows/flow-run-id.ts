import { runIdPattern } from "../handoff/paths.ts";

/**
 * Whether a folder of this name is a flow run's. Beside these folders there is what belongs to all flow runs; some file
 * systems take large and small letters for the same.
 */
export function canBeFlowRunId(id: string): boolean {
  return runIdPattern.test(id) && !/^(?:commands$|flows\.sqlite)/i.test(id);
}
