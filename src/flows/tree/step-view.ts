import type { Json, JsonObject } from "../../json/json.ts";
import { isList, isObject } from "../../json/json-fields.ts";
import type { Output, StepFailure, TaskState } from "../task.ts";
import type { ScopeNode, TaskNode } from "./tree.ts";

type Scopes = TaskNode["scopes"];

/** What later expressions see of a task as `steps.<id>`, or null while it is not settled. */
export function viewOf(kind: string, state: TaskState, scopes: Scopes): JsonObject | null {
  switch (state.status) {
    case "done":
      return viewOfDone(kind, state.output, scopes);
    case "failed":
      return {
        ...state.output,
        ...inside(kind, state.output, scopes),
        failure: asJson(state.failure),
        status: "failed",
      };
    case "skipped":
      return { because: state.because, status: "skipped" };
    case "canceled":
      return { status: "canceled" };
    default:
      return null;
  }
}

/** What expressions see of a task that is done with this output. */
export function viewOfDone(kind: string, output: Output, scopes: Scopes): JsonObject {
  return { ...output, ...inside(kind, output, scopes), status: "done" };
}

/** What expressions see of the settled steps of a scope, by step id. */
export function viewsOf(scope: ScopeNode | undefined): JsonObject {
  const views: Record<string, Json> = {};
  for (const { step, view } of scope?.tasks.values() ?? [])
    if (view !== null) views[step.id] = view;
  return views;
}

/** The steps inside a container are not kept in its output: they are tasks themselves. */
function inside(kind: string, output: JsonObject, scopes: Scopes): JsonObject {
  switch (kind) {
    case "loop":
      return { steps: viewsOf(scopes.findLast((scope) => scope?.isBegun)) };
    case "flow":
      return { steps: viewsOf(scopes[0]) };
    case "for-each":
      return { items: itemsWithSteps(output["items"], scopes) };
    default:
      return {};
  }
}

function itemsWithSteps(items: Json | undefined, scopes: Scopes): Json {
  if (!isList(items)) return [];
  return items.map((item, index) => ({
    ...(isObject(item) ? item : {}),
    steps: viewsOf(scopes[index]),
  }));
}

function asJson({ code, message, hint }: StepFailure): JsonObject {
  return { code, message, hint };
}
