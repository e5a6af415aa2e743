import type { FlowHappening } from "../event.ts";
import type { FlowEnd, FlowState } from "../flow-run.ts";
import type { TaskKey, TaskState } from "../task.ts";

/** A task stands in another way from now on: its whole new state. A store writes it as a row and need not understand it. */
export interface TaskChange {
  readonly kind: "task";
  readonly key: TaskKey;
  readonly stepId: string;
  readonly state: TaskState;
  /** What is told about it, in this order; it may be nothing. */
  readonly happenings: readonly FlowHappening[];
}

/** What changes in a flow run. A list of changes is applied in its order. */
export type FlowChange =
  | TaskChange
  | {
      readonly kind: "cancel";
      readonly cancel: FlowState["cancel"];
      readonly happenings: readonly FlowHappening[];
    }
  /** The flow run has ended, or (null) goes on after it had. */
  | {
      readonly kind: "end";
      readonly end: FlowEnd | null;
      readonly happenings: readonly FlowHappening[];
    };

/** Everything that is told about these changes, in order. */
export function happeningsOf(changes: readonly FlowChange[]): readonly FlowHappening[] {
  return changes.flatMap(({ happenings }) => happenings);
}
