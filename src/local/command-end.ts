/** How a command ended. */
export type CommandEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signaled"; readonly signal: string }
  /** It never ran; `code` is the system's, such as ENOENT. */
  | { readonly kind: "not_started"; readonly code: string; readonly reason: string }
  | { readonly kind: "timed_out"; readonly seconds: number }
  | { readonly kind: "flooded"; readonly maxBytes: number }
  /** Its caller wants it no more. */
  | { readonly kind: "canceled" }
  /** The gateway itself was ended. */
  | { readonly kind: "stopped" };

/** What is left of a command: how it ended and what it printed, as far as that was kept. */
export interface CommandReport {
  readonly end: CommandEnd;
  readonly stdout: string;
  readonly stderr: string;
}
