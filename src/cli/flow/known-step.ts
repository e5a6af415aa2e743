import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { findStep } from "../../flows/view/find-step.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import type { Task, TaskKey } from "../../flows/task.ts";
import { unreachable } from "../../unreachable.ts";

/** More places than these are not listed. */
const MOST_LISTED = 5;

/** The step that somebody names by its id or its whole key, or why it is not clear which one is meant. */
export function findKnownStep(
  state: FlowState,
  word: string,
  isWanted: (task: Task) => boolean,
): Result<TaskKey> {
  const found = findStep(state, word, isWanted);
  switch (found.kind) {
    case "found":
      return success(found.key);
    case "ambiguous":
      return failure(ambiguous(word, found.keys));
    case "unknown": {
      const { name } = state.request.flow;
      const known = `delegate flow show ${state.request.flowRunId} names its steps`;
      const hint = found.nearest === null ? known : `did you mean ${found.nearest}?`;
      return failure({ code: "usage", message: `the flow ${name} has no step "${word}"`, hint });
    }
    default:
      return unreachable(found);
  }
}

function ambiguous(word: string, keys: readonly TaskKey[]): Failure {
  const listed = keys.slice(0, MOST_LISTED).join(", ");
  const more = keys.length > MOST_LISTED ? ` and ${keys.length - MOST_LISTED} more` : "";
  return {
    code: "usage",
    message: `the step "${word}" stands at several places`,
    hint: `name one of them whole: ${listed}${more}`,
  };
}
