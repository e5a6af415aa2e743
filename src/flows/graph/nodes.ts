import { oneLine } from "../../text/one-line.ts";
import { unreachable } from "../../unreachable.ts";
import type { Flow, Step } from "../flow.ts";
import { stepsInside } from "../inside.ts";
import { partsOf } from "../tree/place.ts";
import type { TaskKey } from "../task.ts";
import { wavesOf } from "../waves.ts";

/** A step in the picture of a flow. */
export interface GraphNode {
  readonly id: string;
  /** Ids of the steps around it, and its own. */
  readonly path: readonly string[];
  readonly kind: Step["kind"];
  /** What it does, in a line. */
  readonly what: string;
  readonly needs: readonly string[];
  /** From 1. */
  readonly wave: number;
  readonly state: NodeState | null;
  readonly inside: readonly GraphNode[];
}

/** How a step stands: that of its last iteration, or how many items stand how. */
export interface NodeState {
  readonly status: string;
  readonly words: string;
}

/** How each task of a flow run stands, in a word. */
export type TaskStates = ReadonlyMap<TaskKey, string>;

/** The steps of a flow as they are drawn, each scope in the order of its waves. */
export function graphNodes(flow: Flow, states: TaskStates | null): readonly GraphNode[] {
  const byPath = states === null ? null : groupByPath(states);
  return nodesIn(flow.steps, [], false, byPath);
}

type StatesByPath = ReadonlyMap<string, readonly TaskState[]>;

interface TaskState {
  readonly rounds: readonly number[];
  readonly status: string;
}

function nodesIn(
  steps: readonly Step[],
  above: readonly string[],
  areItems: boolean,
  states: StatesByPath | null,
): readonly GraphNode[] {
  return wavesOf(steps).flatMap((wave, index) =>
    wave.map((step) => {
      const path = [...above, step.id];
      const found = states?.get(path.join(".")) ?? [];
      return {
        id: step.id,
        path,
        kind: step.kind,
        what: describe(step),
        needs: step.needs,
        wave: index + 1,
        state: stateOf(found, areItems),
        inside: nodesIn(stepsInside(step), path, areItems || step.kind === "for-each", states),
      };
    }),
  );
}

function describe(step: Step): string {
  const condition = step.when === null ? "" : `, when ${step.when}`;
  return oneLine(whatOf(step) + condition);
}

function whatOf(step: Step): string {
  switch (step.kind) {
    case "agent":
      return `agent ${step.agent}${step.mode === "plan" ? ", only reads" : ""}`;
    case "run":
      return `run ${typeof step.command === "string" ? step.command : step.command.join(" ")}`;
    case "approve":
      return `approve: ${step.message}`;
    case "ask":
      return `ask: ${step.question}`;
    case "loop":
      return `loop, at most ${step.max} times, until ${step.until}`;
    case "for-each":
      return `for each ${step.as} of ${step.items}${step.limit === null ? "" : `, ${step.limit} at once`}`;
    case "flow":
      return `flow ${step.flow.name}`;
    default:
      return unreachable(step);
  }
}

/** Tasks by the ids in their keys, whatever the iteration or item. */
function groupByPath(states: TaskStates): StatesByPath {
  const byPath = new Map<string, TaskState[]>();
  for (const [key, status] of states) {
    // To be done again, and not begun yet: as if it had never been.
    if (status === "forgotten") continue;
    const parts = partsOf(key);
    const path = parts.map(({ stepId }) => stepId).join(".");
    const rounds = parts.flatMap(({ number }) => number ?? []);
    const group = byPath.get(path) ?? [];
    group.push({ rounds, status });
    byPath.set(path, group);
  }
  return byPath;
}

function stateOf(found: readonly TaskState[], areItems: boolean): NodeState | null {
  if (areItems && found.length > 1) return stateOfItems(found);
  const last = found.reduce<TaskState | undefined>(
    (latest, each) => (latest === undefined || isLater(each, latest) ? each : latest),
    undefined,
  );
  if (last === undefined) return null;
  const round = last.rounds.at(-1) ?? 1;
  return { status: last.status, words: round === 1 ? last.status : `${last.status} (${round})` };
}

function isLater({ rounds }: TaskState, than: TaskState): boolean {
  const index = rounds.findIndex((round, at) => round !== than.rounds[at]);
  return index !== -1 && (rounds[index] ?? 0) > (than.rounds[index] ?? 0);
}

function stateOfItems(found: readonly TaskState[]): NodeState {
  const counts = new Map<string, number>();
  for (const { status } of found) counts.set(status, (counts.get(status) ?? 0) + 1);
  const words = [...counts].map(([status, count]) => `${count} ${status}`).join(", ");
  const status = liveliest.find((each) => counts.has(each)) ?? found[0]?.status ?? "";
  return { status, words };
}

/** What of several items is worth seeing, first to last. */
const liveliest = [
  "failed",
  "undecided",
  "waiting",
  "running",
  "retrying",
  "ready",
  "open",
  "done",
];
