import type { FlowState } from "../../flows/flow-run.ts";
import type { Task, TaskKey } from "../../flows/task.ts";
import type { Waiting } from "../../flows/work.ts";
import { unreachable } from "../../unreachable.ts";
import type { StepWish } from "./asked-step.ts";

/** Something for which people are wanted now; the same thing has the same id in every process. */
export type Wanted =
  | {
      readonly kind: "step";
      readonly id: string;
      readonly taskKey: TaskKey;
      readonly wish: StepWish;
      /** Who is next in line for it; null when it is asked for the first time. */
      readonly to: string | null;
    }
  /** A question of a step's agent; the id is the question's own. */
  | { readonly kind: "agent_question"; readonly id: string; readonly taskKey: TaskKey }
  /** The same question for the next in line, since nobody has answered it. */
  | {
      readonly kind: "reminder";
      readonly id: string;
      readonly taskKey: TaskKey;
      readonly questionId: string;
      readonly to: string;
    };

/** No message shows more than this of a text. */
const KEPT_CHARACTERS = 4_096;

/** All for which people are wanted in a flow run. */
export function wantedIn({ tasks }: Pick<FlowState, "tasks">): readonly Wanted[] {
  return [...tasks.values()].flatMap(wantedFor);
}

/** The same with a reminder for each to whom an agent's question has gone since. */
export function withReminders(
  wanted: readonly Wanted[],
  escalationsOf: (questionId: string) => readonly string[],
): readonly Wanted[] {
  return wanted.flatMap((one) => {
    if (one.kind !== "agent_question") return [one];
    const { id: questionId, taskKey } = one;
    const reminders = escalationsOf(questionId).map((to, index): Wanted => {
      const id = reminderId(questionId, index);
      return { kind: "reminder", id, taskKey, questionId, to };
    });
    return [one, ...reminders];
  });
}

/** No id of a question or a step has it. */
const REMINDER_MARK = "~";

function reminderId(id: string, index: number): string {
  return `${id}${REMINDER_MARK}${index + 1}`;
}

/** The id of the agent's question that is meant by such an id. */
export function questionOfWanted(id: string): string {
  return id.split(REMINDER_MARK)[0] ?? id;
}

/** The step that is meant by such an id, or null when it is the id of an agent's question. */
export function stepOfWanted(id: string): TaskKey | null {
  const [taskKey = "", ...more] = id.split("#");
  return more.length === 0 ? null : taskKey;
}

function wantedFor(task: Task): readonly Wanted[] {
  if (task.status === "undecided") return wantedStep(task, "unknown", { kind: "recovery" }, []);
  return task.status === "waiting" ? wantedBy(task, task.waiting, task.asked?.goneTo ?? []) : [];
}

function wantedBy(task: Task, waiting: Waiting, goneTo: readonly string[]): readonly Wanted[] {
  switch (waiting.kind) {
    case "approval": {
      const message = waiting.message.slice(0, KEPT_CHARACTERS);
      const shown = waiting.shown?.slice(0, KEPT_CHARACTERS) ?? null;
      const wish = { ...waiting, message, shown };
      return wantedStep(task, waiting.digest.slice(0, 16), wish, goneTo);
    }
    case "question":
      return wantedStep(task, "question", waiting, goneTo);
    case "agent_questions":
      return waiting.questionIds.map((id) => ({ kind: "agent_question", id, taskKey: task.key }));
    default:
      return unreachable(waiting);
  }
}

/** With a reminder for each to whom it has gone since. */
function wantedStep(
  { key: taskKey, attempt }: Task,
  what: string,
  wish: StepWish,
  goneTo: readonly string[],
): readonly Wanted[] {
  const id = `${taskKey}#${attempt}#${what}`;
  const reminders = goneTo.map((to, index) => ({ id: reminderId(id, index), to }));
  return [{ id, to: null }, ...reminders].map((one) => ({ kind: "step", taskKey, wish, ...one }));
}
