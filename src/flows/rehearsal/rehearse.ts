import { scopesInside } from "../tree/place.ts";
import { treeOf } from "../tree/apply.ts";
import type { FlowChange, TaskChange } from "../tree/change.ts";
import { claimTask } from "../tasks/claim.ts";
import type { Evaluator } from "../evaluator.ts";
import type { FlowEnd, FlowRequest } from "../flow-run.ts";
import { jobOf } from "../tasks/job.ts";
import type { Json } from "../json.ts";
import { advance, next } from "../next.ts";
import type { Advance } from "../next.ts";
import { reportOf } from "../report.ts";
import { settleTask } from "../tasks/settle.ts";
import type { Output, StepFailure, TaskKey } from "../task.ts";
import type { FlowTree, ScopeNode } from "../tree/tree.ts";
import type { Work } from "../work.ts";
import { endOfStub } from "./stub-end.ts";
import type { Stubs } from "./stubs.ts";
import { stubFor } from "./stubs.ts";

/** A step that has come to something in a rehearsal. */
export interface RehearsedStep {
  readonly key: TaskKey;
  readonly attempt: number;
  readonly outcome: RehearsedOutcome;
  /** What would be done; null for a step that nobody carries out. */
  readonly work: Work | null;
  /** Whether what it came to was said by a stub. */
  readonly isStubbed: boolean;
}

export type RehearsedOutcome =
  | { readonly kind: "done"; readonly output: Output }
  | { readonly kind: "failed"; readonly failure: StepFailure; readonly isRetried: boolean }
  | { readonly kind: "skipped"; readonly because: string }
  | { readonly kind: "canceled" };

/** A flow run as it would go if its steps came to these things. */
export interface Rehearsal {
  /** In the order in which they are over. */
  readonly steps: readonly RehearsedStep[];
  readonly end: FlowEnd;
  /** Null when there is none, or when it can't be made; then that is the end. */
  readonly report: string | null;
}

/** Goes through a whole flow run with what the stubs say; where they say nothing, everything goes well. */
export function rehearse(request: FlowRequest, stubs: Stubs, evaluator: Evaluator): Rehearsal {
  const steps: RehearsedStep[] = [];
  let now = next(treeOf({ request, tasks: new Map(), cancel: null, end: null }), evaluator);
  steps.push(...overIn(now.changes, null));
  while (now.tree.end === null) {
    const key = firstReady(now.tree.root, "");
    if (key === null) throw new Error("a flow run that has not ended has nothing to do");
    const carried = carryOut(now.tree, key, stubs, evaluator);
    now = carried.advance;
    steps.push(...overIn(now.changes, carried));
  }
  const report = reportOf(now.tree, evaluator);
  return {
    steps,
    end: now.tree.end,
    report: report.ok ? report.value : null,
  };
}

interface Carried {
  readonly advance: Advance;
  readonly key: TaskKey;
  readonly work: Work;
  readonly isStubbed: boolean;
}

function carryOut(tree: FlowTree, key: TaskKey, stubs: Stubs, evaluator: Evaluator): Carried {
  const claim = claimTask(tree, key, "rehearsal");
  const begun = advance(tree, claim === null ? [] : [claim], evaluator).tree;
  const job = jobOf(begun, key);
  if (job === null) throw new Error(`${key} is ready and does not begin`);
  const stub: Json | undefined = stubFor(stubs, key, job.stepId);
  const tools = { evaluator, nowMs: 0, random: 0 };
  const { changes } = settleTask(begun, key, endOfStub(job, stub), tools);
  return {
    advance: advance(begun, changes, evaluator),
    key,
    work: job.work,
    isStubbed: stub !== undefined,
  };
}

/** What has come to its end, or failed and is to be begun again. */
function overIn(changes: readonly FlowChange[], carried: Carried | null): readonly RehearsedStep[] {
  return changes.flatMap((change) => {
    const outcome = change.kind === "task" ? outcomeOf(change) : null;
    if (change.kind !== "task" || outcome === null) return [];
    const isItsOwn = change.key === carried?.key;
    return [
      {
        key: change.key,
        attempt:
          outcome.kind === "failed" && outcome.isRetried
            ? change.state.attempt - 1
            : change.state.attempt,
        outcome,
        work: isItsOwn ? carried.work : null,
        isStubbed: isItsOwn && carried.isStubbed,
      },
    ];
  });
}

function outcomeOf({ state, happenings }: TaskChange): RehearsedOutcome | null {
  switch (state.status) {
    case "done":
      return { kind: "done", output: state.output };
    case "failed":
      return { kind: "failed", failure: state.failure, isRetried: false };
    case "skipped":
      return { kind: "skipped", because: state.because };
    case "canceled":
      return { kind: "canceled" };
    default: {
      const failed = happenings.find((happening) => happening.type === "step_failed");
      return failed === undefined
        ? null
        : { kind: "failed", failure: failed.failure, isRetried: true };
    }
  }
}

/** The first step, in the order of the file, that a worker could take. */
function firstReady(scope: ScopeNode, prefix: string): TaskKey | null {
  if (scope.standing.active === 0) return null;
  for (const { id } of scope.steps) {
    const node = scope.tasks.get(id);
    if (node === undefined || node.standing.active === 0) continue;
    const key = prefix + id;
    if (node.state.status === "ready") return key;
    for (const inside of scopesInside(node, key)) {
      const found = firstReady(inside.scope, inside.prefix);
      if (found !== null) return found;
    }
  }
  return null;
}
