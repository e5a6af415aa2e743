import type { Decision, StepEnd, Waiting, Work } from "../work.ts";

/** What somebody is shown when an approval is asked for. */
export interface Shown {
  readonly text: string | null;
  /** SHA-256 of the message and of all that was shown, also of what did not fit into the text. */
  readonly digest: string;
}

/** What follows from a decision, or from its lack. An approval counts only for what was seen. */
export function endOfApproval(
  work: Extract<Work, { kind: "approve" }>,
  shown: Shown,
  decision: Decision | null,
): StepEnd {
  if (decision?.kind === "rejected") return rejected(decision);
  if (decision?.kind === "approved" && decision.digest === shown.digest) {
    const { by, note } = decision;
    return { end: "done", output: { approved: true, by, note }, usage: null };
  }
  const waiting: Waiting = {
    kind: "approval",
    message: work.message,
    shown: shown.text,
    digest: shown.digest,
    requiredApprovers: work.requiredApprovers,
  };
  return { end: "waiting", waiting };
}

function rejected({ by, note }: { readonly by: string; readonly note: string | null }): StepEnd {
  return {
    end: "failed",
    failure: {
      code: "rejected",
      message: `${by} rejected it${note === null ? "" : `: ${note}`}`,
      hint: "to have it done again from an earlier step: delegate flow retry <id> --from <step>",
    },
    output: { approved: false, by, note },
    usage: null,
    isRetryable: false,
  };
}
