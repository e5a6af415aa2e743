import { unreachable } from "../../unreachable.ts";
import type { Shell } from "../shell.ts";
import type { FlowCommand } from "./command.ts";

/** `delegate flow …`: each of its commands is loaded only when it is called. */
export async function runFlowCommand(command: FlowCommand, shell: Shell): Promise<number> {
  switch (command.action) {
    case "run": {
      const { runFlow } = await import("./run.ts");
      return runFlow(command, shell);
    }
    case "wait": {
      const { waitForFlow } = await import("./wait.ts");
      return waitForFlow(command, shell);
    }
    case "list": {
      const { listFlowRuns } = await import("./list.ts");
      return listFlowRuns(command, shell);
    }
    case "files": {
      const { listFlowFiles } = await import("./files.ts");
      return listFlowFiles(command, shell);
    }
    case "show": {
      const { showFlow } = await import("./show.ts");
      return showFlow(command, shell);
    }
    case "graph": {
      const { graphFlow } = await import("./graph.ts");
      return graphFlow(command, shell);
    }
    case "validate": {
      const { validateFlows } = await import("./validate.ts");
      return validateFlows(command, shell);
    }
    case "logs": {
      const { printFlowLogs } = await import("./logs.ts");
      return printFlowLogs(command, shell);
    }
    case "watch": {
      const { watchFlows } = await import("./watch.ts");
      return watchFlows(command, shell);
    }
    case "approve":
    case "reject": {
      const { decideApproval } = await import("./approve.ts");
      return decideApproval(command, shell);
    }
    case "answer": {
      const { answerStep } = await import("./answer.ts");
      return answerStep(command, shell);
    }
    case "cancel": {
      const { cancelFlow } = await import("./cancel.ts");
      return cancelFlow(command, shell);
    }
    case "resume": {
      const { resumeFlow } = await import("./resume.ts");
      return resumeFlow(command, shell);
    }
    case "retry": {
      const { retryFlow } = await import("./retry.ts");
      return retryFlow(command, shell);
    }
    case "export": {
      const { exportFlow } = await import("./export.ts");
      return exportFlow(command, shell);
    }
    case "prune": {
      const { pruneFlowRuns } = await import("./prune.ts");
      return pruneFlowRuns(command, shell);
    }
    default:
      return unreachable(command);
  }
}
