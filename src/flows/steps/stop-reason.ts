import type { JobStop } from "../work.ts";

/** Why a job is to stop. Without a word of its own it is only let go of, which takes nothing from anybody. */
export function stopReasonOf({ reason }: { readonly reason: unknown }): JobStop {
  return reason === "canceled" || reason === "leaving" ? reason : "lost";
}
