import type { LeaveReason } from "../events/event.ts";

/** The reason with which an `AbortSignal` tells a driver to leave its run; the run itself goes on. */
export class Leave {
  readonly reason: LeaveReason;

  constructor(reason: LeaveReason) {
    this.reason = reason;
  }
}

/** Why this signal fired. */
export function leaveReasonOf(signal: AbortSignal): LeaveReason {
  const { reason }: { reason: unknown } = signal;
  return reason instanceof Leave ? reason.reason : "aborted";
}
