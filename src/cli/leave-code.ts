import { failureKinds } from "../failure.ts";
import { leaveReasonOf } from "../run/leave.ts";

/** The exit code of a process that leaves because this signal has fired. */
export function leaveCode(signal: AbortSignal): number {
  return failureKinds[leaveReasonOf(signal) === "interrupted" ? "interrupted" : "terminated"].exit;
}
