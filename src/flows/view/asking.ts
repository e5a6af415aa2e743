import { shellQuote, shellWord } from "../../text/shell-quote.ts";
import { unreachable } from "../../unreachable.ts";
import { answerCommand } from "../../questions/answer-command.ts";
import type { Proposal, Question } from "../../questions/question.ts";
import type { Task, TaskKey } from "../task.ts";
import type { Waiting } from "../work.ts";

/** What a step wants of somebody, and the commands with which that is done. */
export interface Asking {
  /** One line. */
  readonly title: string;
  /** What there is to look at, or empty; may have several lines. */
  readonly shown: string;
  readonly commands: readonly string[];
}

/** So much of a digest tells what was shown from everything else that it may be. */
const DIGEST_LETTERS = 12;

/** What a task wants of somebody now, or null. */
export function askingOf(task: Task, flowRunId: string): Asking | null {
  if (task.status === "undecided") {
    const resume = `delegate flow resume ${flowRunId} --decide ${task.key}`;
    return {
      title: `${task.key} has lost its worker, and whether it had ended is unknown`,
      shown: "",
      commands: [`${resume}=rerun`, `${resume}=skip`],
    };
  }
  return task.status === "waiting" ? askingFor(task.waiting, task.key, flowRunId) : null;
}

/** Whether a task is to ask people, nobody has decided about it yet, and it may ask at any moment. */
export function isAboutToAsk(task: Task): boolean {
  if (task.status !== "ready" && task.status !== "running") return false;
  const { work, decision } = task;
  return decision === null && (work.kind === "approve" || work.kind === "ask");
}

function askingFor(waiting: Waiting, key: string, flowRunId: string): Asking {
  const command = (verb: string, more: string): string =>
    `delegate flow ${verb} ${flowRunId} ${key} ${more}`;
  switch (waiting.kind) {
    case "approval": {
      const digest = `--digest ${shortDigest(waiting.digest)}`;
      const by = deciderFor(waiting.requiredApprovers);
      return {
        title: `${key} waits for an approval${approversIn(waiting.requiredApprovers)}`,
        shown: [waiting.message, waiting.shown ?? ""].filter((text) => text !== "").join("\n\n"),
        commands: [
          command("approve", `${digest}${by}`),
          command("reject", `${digest}${by} --note "<why>"`),
        ],
      };
    }
    case "question": {
      const { question, options, proposal } = waiting;
      return {
        title: `${key} waits for an answer`,
        shown: questionLines(question, options, proposal),
        commands: [command("answer", placeholderFor(waiting))],
      };
    }
    case "agent_questions":
      return {
        title: `${key} waits for answers to the questions of its agent, run ${waiting.runId}`,
        shown: "",
        commands: waiting.questionIds.map((id) => answerCommand({ id, options: [] })),
      };
    default:
      return unreachable(waiting);
  }
}

/** What the agent of a step asks: it waits for the answer, or it has stayed at work for it. */
export function askingOfAgent(
  key: TaskKey,
  { id, text, options, askedBy }: Question,
  proposal: Proposal | null,
): Asking {
  const approve = proposal === null ? [] : [`delegate answer ${id} --approve`];
  return {
    title: `${key}: ${askedBy} asks (${id})`,
    shown: questionLines(text, options, proposal?.text ?? null),
    commands: [...approve, answerCommand({ id, options })],
  };
}

function questionLines(text: string, options: readonly string[], proposal: string | null): string {
  const lines = [text, ...options.map((option, index) => `${index + 1}. ${option}`)];
  return [...lines, ...(proposal === null ? [] : [`proposed: ${proposal}`])].join("\n");
}

/** What stands for the answer in the command. */
function placeholderFor({ options, answer }: Extract<Waiting, { kind: "question" }>): string {
  if (options.length > 0) return "--option <n>";
  if (answer === "boolean") return "<yes|no>";
  return answer === "number" ? "<number>" : '"<answer>"';
}

/** Whoever copies the command must not decide under a name that may not. */
function deciderFor(names: readonly string[]): string {
  const [only] = names;
  if (only === undefined) return "";
  return ` --by ${names.length === 1 ? shellWord(only) : shellQuote(`<${names.join(" or ")}>`)}`;
}

function approversIn(names: readonly string[]): string {
  return names.length === 0 ? "" : ` by ${names.join(" or ")}`;
}

/** The beginning of a digest, as people see and give it. */
export function shortDigest(digest: string): string {
  return digest.slice(0, DIGEST_LETTERS);
}
