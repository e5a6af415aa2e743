import { signalIfThere } from "../rig/left-processes.ts";
import type { Rig } from "../rig/rig.ts";
import { isProcessAlive } from "../../src/system/process-life.ts";
import { until } from "../rig/until.ts";
import type { BotApi, ChatMessage } from "./bot-api.ts";
import {
  asksOnce,
  buttonOf,
  driverOf,
  newProject,
  nobodyIsLeft,
  says,
  told,
  watchersOf,
  which,
} from "./project.ts";
import type { Project } from "./project.ts";

export const bob = { id: 8, is_bot: false, first_name: "Bob" };

export type Tools = Parameters<typeof newProject>[0];

/** A project with a run that has asked in Telegram, and whose first process has left with exit code 7. */
export async function askedProject(
  tools: Tools,
  more: object = {},
  questions: readonly object[] = [which],
): Promise<Project & { readonly question: ChatMessage }> {
  const project = await newProject(tools, more);
  project.rig.gateway.onHook = asksOnce(questions);
  const { exitCode } = await project.rig.jsonInside(told);
  if (exitCode !== 7) throw new Error(`exit code ${exitCode} instead of 7`);
  return { ...project, question: await asks(project) };
}

/** Waits until the question is in the chat, and whoever asked it listens. */
export async function asks(project: Project): Promise<ChatMessage> {
  const question = await says(project, "asks (attempt 1):");
  await project.api.called("getUpdates");
  return question;
}

export function press(api: BotApi, message: ChatMessage, button: string, from?: object): void {
  api.press(message, buttonOf(message, button), from);
}

/** What people were told in the small window over the button, in order. */
export function windows(api: BotApi): readonly unknown[] {
  return api.of("answerCallbackQuery").map(({ payload }) => payload["text"]);
}

export function answers(rig: Rig): readonly object[] {
  return rig.events("r").filter(({ type }) => type === "question_answered");
}

export async function isComplete(project: Project): Promise<void> {
  await nobodyIsLeft(project);
  const last = project.rig.events("r").at(-1);
  if (last?.["status"] !== "complete") throw new Error(`not complete: ${JSON.stringify(last)}`);
}

/** Ends all that has to do with a run at once, its guard first. */
export async function kill(rig: Rig, runId: string): Promise<void> {
  const driver = driverOf(rig, runId);
  const guards = watchersOf(rig, runId).filter((pid) => pid !== driver);
  for (const pid of [...guards, driver]) signalIfThere(pid);
  await until(() => !isProcessAlive(driver), "the end of the driver");
  // One that came too late for the look above would take the run over.
  await until(() => {
    const late = watchersOf(rig, runId);
    for (const pid of late) signalIfThere(pid);
    return late.length === 0;
  }, "the end of its guards");
}
