import type { Scope } from "../evaluator.ts";
import type { FlowRequest } from "../flow-run.ts";
import type { Flow } from "../flow.ts";
import type { JsonObject } from "../../json/json.ts";
import { wayTo } from "./place.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree, ScopeNode, TaskNode } from "./tree.ts";
import { viewsOf } from "./step-view.ts";

/** What the expressions of a scope see, and the flow that they belong to. */
export interface Sight {
  readonly flow: Flow;
  readonly inputs: JsonObject;
  /** Whose settled steps are seen: this scope and those around it, the outermost first. */
  readonly scopes: readonly ScopeNode[];
  /** `iteration`, `previous`, `index` and what items are called. */
  readonly names: JsonObject;
  readonly run: JsonObject;
}

/** What is seen everywhere in a flow run outside of its subflows. */
export function rootSight({ flow, inputs, flowRunId, cwd, author }: FlowRequest): Sight {
  return { flow, inputs, scopes: [], names: {}, run: { id: flowRunId, cwd, author } };
}

/** The sight with the settled steps of this scope. */
export function sightWithin(sight: Sight, scope: ScopeNode): Sight {
  return { ...sight, scopes: [...sight.scopes, scope] };
}

/** What is seen in an iteration or for an item of an open container, from what is seen around it. */
export function sightInside(
  sight: Sight,
  { step, state, scopes }: TaskNode,
  number: number,
): Sight {
  if (state.status !== "open") return sight;
  const { opened } = state;
  if (step.kind === "for-each" && opened.kind === "for-each") {
    const item = opened.items[number - 1] ?? null;
    return { ...sight, names: { ...sight.names, [step.as]: item, index: number } };
  }
  if (step.kind === "flow" && opened.kind === "flow") {
    // Nothing of what is around a subflow is seen in it.
    return { flow: step.flow, inputs: opened.inputs, scopes: [], names: {}, run: sight.run };
  }
  const previous = number === 1 ? null : viewsOf(scopes[number - 2]);
  return { ...sight, names: { ...sight.names, iteration: number, previous } };
}

/** What the expressions of a task see; everything around it is open. */
export function sightAt(tree: FlowTree, key: TaskKey): Sight {
  let sight = rootSight(tree.request);
  for (const { scope, stepId, number } of wayTo(tree, key)) {
    sight = sightWithin(sight, scope);
    const container = number === null ? undefined : scope.tasks.get(stepId);
    if (container !== undefined) sight = sightInside(sight, container, number ?? 1);
  }
  return sight;
}

/** What an expression sees, by name. The steps are put together only for one that asks for them. */
export function scopeOf({ names, inputs, scopes, run }: Sight): Scope {
  let steps: JsonObject | null = null;
  return {
    ...names,
    inputs,
    get steps() {
      steps ??= scopes.reduce<JsonObject>((seen, scope) => ({ ...seen, ...viewsOf(scope) }), {});
      return steps;
    },
    run,
  };
}
