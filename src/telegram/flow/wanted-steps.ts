import type { FlowState } from "../../flows/flow-run.ts";
import { runAtWork } from "../../flows/tasks/run-at-work.ts";
import { parseQuestionId } from "../../questions/question.ts";
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
  /** A question of a step's agent, as it is put to people now; what a foreman proposes anew is asked anew. */
  | {
      readonly kind: "agent_question";
      readonly id: string;
      readonly taskKey: TaskKey;
      readonly questionId: string;
    }
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

/** What has become of an agent's question since it was asked. */
export interface QuestionHistory {
  /** To whom it has gone since nobody answered it, one after the other. */
  readonly goneTo: readonly string[];
  /** How often a foreman has proposed an answer. */
  readonly proposals: number;
}

/** All for which people are wanted in a flow run, besides what agents ask while they are at work. */
export function wantedIn({ tasks }: Pick<FlowState, "tasks">): readonly Wanted[] {
  return [...tasks.values()].flatMap(wantedFor);
}

/** What agents ask that stay at work for the answer. */
export function wantedAtWork(
  { tasks, request }: Pick<FlowState, "tasks" | "request">,
  questionsOf: (runIds: ReadonlySet<string>) => readonly string[],
): readonly Wanted[] {
  const steps = new Map(
    [...tasks.values()].flatMap((task): readonly (readonly [string, TaskKey])[] => {
      const runId = runAtWork(task, request);
      return runId === null ? [] : [[runId, task.key]];
    }),
  );
  return questionsOf(new Set(steps.keys())).flatMap((id) => {
    const taskKey = steps.get(parseQuestionId(id)?.runId ?? "");
    return taskKey === undefined ? [] : [agentQuestion(id, taskKey)];
  });
}

/** The same after what has become of agents' questions since: with a reminder for each to whom one has gone. */
export function withHistory(
  wanted: readonly Wanted[],
  historyOf: (questionId: string) => QuestionHistory,
): readonly Wanted[] {
  return wanted.flatMap((one) => {
    if (one.kind !== "agent_question") return [one];
    const { questionId, taskKey } = one;
    const { goneTo, proposals } = historyOf(questionId);
    const id = proposals > 1 ? `${questionId}${MARK}p${proposals}` : questionId;
    const reminders = goneTo.map((to, index): Wanted => {
      const reminder = reminderId(questionId, index);
      return { kind: "reminder", id: reminder, taskKey, questionId, to };
    });
    return [{ ...one, id }, ...reminders];
  });
}

/** No id of a question or a step has it. */
const MARK = "~";

function reminderId(id: string, index: number): string {
  return `${id}${MARK}${index + 1}`;
}

/** The id of the agent's question that is meant by such an id. */
export function questionOfWanted(id: string): string {
  return id.split(MARK)[0] ?? id;
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
      return waiting.questionIds.map((id) => agentQuestion(id, task.key));
    default:
      return unreachable(waiting);
  }
}

function agentQuestion(id: string, taskKey: TaskKey): Wanted {
  return { kind: "agent_question", id, taskKey, questionId: id };
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
