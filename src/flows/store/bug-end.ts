import type { FlowEnd } from "../flow-run.ts";

/** How a flow run ends on which nothing can be decided. */
export function bugEnd(error: unknown): Extract<FlowEnd, { status: "failed" }> {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    status: "failed",
    key: "",
    failure: {
      code: "internal",
      message: `this is a bug in delegate: ${detail}`,
      hint: "please report it, with the flow file and the output of delegate --version",
    },
  };
}
