import { unreachable } from "../../../unreachable.ts";
import { MOST_ITERATIONS } from "../../flow.ts";
import type { Flow, LoopStep, Step } from "../../flow.ts";
import { complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";

/** The most letters of a run's id. */
const MOST_LETTERS = 128;
/** What the flow run's own id and the number of the attempt take of it. */
const FLOW_RUN_ID_LETTERS = 26;
const ATTEMPT_LETTERS = 3;
/** Room for the numbers of so many items. */
const ITEM_LETTERS = 5;

/** Agent steps that lie so deep that the ids of their runs could get too long: `<flowRun>.<step>.<iteration>.<attempt>`. */
export function checkRunIds(flow: Flow): readonly Complaint[] {
  return flow.steps.flatMap((step) => check(step, "/steps", 0, 0));
}

/** The letters that the ids of the steps around it take, and the numbers of iterations, each with its separator. */
function check(step: Step, above: string, ids: number, numbers: number): readonly Complaint[] {
  const at = `${above}/${step.id}`;
  const letters = longestBelow(step, ids, numbers);
  if (letters <= MOST_LETTERS) return [];
  const deeper = stepsInFile(step).flatMap((inner) =>
    check(inner, `${at}/steps`, ids, numbers + lettersOfRounds(step)),
  );
  if (deeper.length > 0) return deeper;
  const message = `the ids of its runs could have ${letters} letters, and ${MOST_LETTERS} are possible; use shorter ids or fewer levels`;
  return [complainOfKey(at, message)];
}

function longestBelow(step: Step, ids: number, numbers: number): number {
  switch (step.kind) {
    case "agent":
      return lettersOfRunId(ids + step.id.length, numbers);
    case "run":
    case "approve":
    case "ask":
      return 0;
    case "loop":
    case "for-each":
      return longest(step.steps, ids, numbers + lettersOfRounds(step));
    case "flow":
      return longest(step.flow.steps, ids + step.id.length + 1, numbers + lettersOfRounds(step));
    default:
      return unreachable(step);
  }
}

function longest(steps: readonly Step[], ids: number, numbers: number): number {
  return Math.max(0, ...steps.map((step) => longestBelow(step, ids, numbers)));
}

function lettersOfRunId(ids: number, numbers: number): number {
  const iteration = Math.max(1, numbers - 1);
  return FLOW_RUN_ID_LETTERS + 1 + ids + 1 + iteration + 1 + ATTEMPT_LETTERS;
}

/** What a container adds to the iteration's part: its largest number and a separator. */
function lettersOfRounds(step: Step): number {
  if (step.kind === "loop") return lettersOfMax(step) + 1;
  return step.kind === "for-each" ? ITEM_LETTERS + 1 : 2;
}

function lettersOfMax({ max }: LoopStep): number {
  return String(typeof max === "number" ? max : MOST_ITERATIONS).length;
}

function stepsInFile(step: Step): readonly Step[] {
  return step.kind === "loop" || step.kind === "for-each" ? step.steps : [];
}
