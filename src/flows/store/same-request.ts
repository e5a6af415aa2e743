import { isDeepStrictEqual } from "node:util";
import type { FlowRequest } from "../flow-run.ts";

/** Whether a flow run is asked for that is kept already; when it was asked for does not matter. */
export function isSameRequest(kept: FlowRequest, asked: FlowRequest): boolean {
  const written: FlowRequest = JSON.parse(JSON.stringify(asked));
  return isDeepStrictEqual(kept, { ...written, createdAt: kept.createdAt });
}
