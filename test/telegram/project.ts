import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { signalIfThere } from "../rig/left-processes.ts";
import type { Rig } from "../rig/rig.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import type { HookBehavior } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";
import { BotApi, TOKEN } from "./bot-api.ts";
import type { ChatMessage } from "./bot-api.ts";

export const CHAT = -100_500;

/** A project whose runs can be told of. */
export interface Project {
  readonly rig: Rig;
  readonly api: BotApi;
}

type Tools = Pick<TestContext, "onTestFinished"> & {
  readonly newRig: (config?: object) => Promise<Rig>;
};

/** A project whose config names a bot at a server that answers as Telegram does; its agent takes tasks and is silent. */
export async function newProject(
  { newRig, onTestFinished }: Tools,
  more: object = {},
): Promise<Project> {
  const api = await BotApi.start();
  const rig = await newRig();
  rig.gateway.onHook = (_call, response) => admit(response);
  rig.write("bot", `${TOKEN}\n`);
  rig.writeConfig({
    ...JSON.parse(rig.read("delegate.config.json")),
    telegram: { token: { file: "bot" }, apiRoot: api.root, chatId: CHAT },
    ...more,
  });
  onTestFinished(async () => {
    // A guard becomes a watcher in the moment in which its process ends, under the same number.
    await until(() => {
      for (const pid of watchersOf(rig)) signalIfThere(pid);
      return watchersOf(rig).length === 0;
    }, "the end of all watchers");
    await api.down();
  });
  return { rig, api };
}

/** The processes that go on telling of this project's runs, and those that would do so if they were needed. */
export function watchersOf({ folder }: Rig, runId: string | null = null): readonly number[] {
  const pids = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return pids.map(Number).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const isOurs = words.includes("wait") && words.includes(join(folder, "delegate.config.json"));
      return isOurs && (runId === null || words[words.indexOf("wait") + 1] === runId);
    } catch {
      return false;
    }
  });
}

/** The number of the process that drives a run now. */
export function driverOf(rig: Rig, runId: string): number {
  const folder = join(rig.handoffDir, runId);
  const generations = readdirSync(folder).flatMap(
    (name) => /^driver-(\d+)\.json$/.exec(name)?.[1] ?? [],
  );
  const latest = Math.max(1, ...generations.map(Number));
  const { createdBy, pid } = JSON.parse(
    rig.read(`handoffs/${runId}/${latest === 1 ? "request" : `driver-${latest}`}.json`),
  );
  return latest === 1 ? createdBy.pid : pid;
}

export const words = ["worker", "Review the plan", "--run-id", "r", "--timeout", "3600"];
export const told = [...words, "--notify", "telegram"];

export function handOver({ rig }: Project, more: object = {}, attempt = 1): void {
  writeAsAgent(`${rig.handoffDir}/r/attempt-${attempt}.json`, goodHandoff({ runId: "r" }, more));
}

/** Waits until the newest state of the status message, which is the first one, says this. */
export async function shows({ api }: Project, text: string): Promise<void> {
  await until(() => api.messages[0]?.text.includes(text) === true, `"${text}" in the chat`);
}

/** Waits for a message that says this, and has not been there before. */
export async function says(
  { api }: Project,
  text: string,
  known: readonly ChatMessage[] = [],
): Promise<ChatMessage> {
  const find = (): ChatMessage | undefined =>
    api.messages.find((message) => message.text.includes(text) && !known.includes(message));
  await until(() => find() !== undefined, `a message with "${text}"`);
  const found = find();
  if (found === undefined) throw new Error("it was there a moment ago");
  return found;
}

/** The first lines of all messages that are in the chat. */
export function headlines({ api }: Project): readonly string[] {
  return api.visible.map(({ text }) => (text.split("\n")[0] ?? "").replace(/, [^,]*$/, ""));
}

export const complete = [
  "✅ worker: complete after 1 attempt",
  "✅ worker: complete after 1 attempt",
];

/** Waits until the last process that has to do with a run has left. */
export async function nobodyIsLeft({ rig }: Project): Promise<void> {
  await until(() => watchersOf(rig).length === 0, "the end of the watcher");
}

export async function isToldToItsEnd(project: Project): Promise<void> {
  await until(() => project.api.messages.length === 2, "the outcome's message");
  await nobodyIsLeft(project);
}

export const which = { text: "Which database?", options: ["PostgreSQL", "SQLite"] };

/** An agent that asks in its first attempt, and then is done. */
export function asksOnce(questions: readonly object[] = [which]): HookBehavior {
  const asked = new Set<string>();
  return (call, response) => {
    admit(response);
    const blocked = { status: "blocked", result: "half of it", deliverable: null, questions };
    const isFirst = !asked.has(call.runId);
    asked.add(call.runId);
    writeAsAgent(call.handoffPath, goodHandoff(call, isFirst ? blocked : {}));
  };
}

/** The button that says this. */
export function buttonOf(message: ChatMessage, text: string): string {
  const button = message.buttons.find((one) => one.text === text);
  if (button === undefined) throw new Error(`there is no button "${text}"`);
  return button.data;
}
