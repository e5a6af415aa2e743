import { visitForEach } from "./for-each.ts";
import { visitLoop } from "./loop.ts";
import { visitSubflow } from "./subflow.ts";
import type { TaskNode } from "../tree/tree.ts";
import type { ContainerVisit, Walk } from "./walk.ts";

/** A container after all that follows inside it; what is not open stays as it is. */
export function visitContainer(walk: Walk, visit: ContainerVisit): TaskNode {
  const { step, state } = visit.node;
  if (state.status !== "open") return visit.node;
  const { opened } = state;
  if (step.kind === "loop" && opened.kind === "loop") return visitLoop(walk, visit, step, opened);
  if (step.kind === "for-each" && opened.kind === "for-each") {
    return visitForEach(walk, visit, step, opened);
  }
  if (step.kind === "flow") return visitSubflow(walk, visit, step);
  throw new Error(`${step.id} is a ${step.kind} and was opened as a ${opened.kind}`);
}
