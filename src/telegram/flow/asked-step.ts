import type { TaskKey } from "../../flows/task.ts";
import type { Waiting } from "../../flows/work.ts";
import type { MessagePlace } from "../asked-question.ts";

/** What a step of a flow run wants of people. */
export type StepWish =
  | Extract<Waiting, { readonly kind: "approval" | "question" }>
  /** Its worker is gone, and whether it had ended is unknown. */
  | { readonly kind: "recovery" };

/** A step of a flow run for which people were asked in a chat. */
export interface AskedStep {
  readonly schema: "delegate.telegram-step.v1";
  /** What leads from a button back to the step: hexadecimal, at most 32 digits. */
  readonly key: string;
  readonly flowRunId: string;
  /** The flow's name. */
  readonly flow: string;
  readonly taskKey: TaskKey;
  /** As it was shown: a decision counts only for that. */
  readonly wish: StepWish;
  /** The config of the flow run: it says who may decide, and where flow runs are kept. */
  readonly configPath: string;
  /** Null until Telegram has the message. */
  readonly place: MessagePlace | null;
}
