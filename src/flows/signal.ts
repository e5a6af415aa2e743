import type { Decision } from "./work.ts";
import type { TaskKey } from "./task.ts";

/** What somebody wants of a flow run from outside. */
export type FlowSignal =
  | { readonly kind: "decide"; readonly key: TaskKey; readonly decision: Decision }
  | { readonly kind: "cancel"; readonly by: string; readonly reason: string | null }
  /** For a step whose end is unknown. */
  | { readonly kind: "recover"; readonly key: TaskKey; readonly choice: "rerun" | "skip" }
  /** Forgets this step and all that came from it, and goes on from there. */
  | { readonly kind: "retry_from"; readonly key: TaskKey };

/** What became of a signal. */
export type SignalReply =
  | { readonly kind: "taken" }
  /** It was so already, such as an approval by the same person for the same thing. */
  | { readonly kind: "already"; readonly message: string }
  | { readonly kind: "refused"; readonly message: string; readonly hint: string };
