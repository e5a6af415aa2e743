import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { signalIfThere } from "../../rig/left-processes.ts";
import { answerAtOnce } from "../../rig/steered-gateway.ts";
import { until } from "../../rig/until.ts";
import { BotApi, TOKEN } from "../../telegram/bot-api.ts";
import type { ChatMessage } from "../../telegram/bot-api.ts";
import { CHAT } from "../../telegram/project.ts";
import type { FlowProject } from "./project.ts";

/** A project whose flow runs can be told of. */
export interface Told {
  readonly project: FlowProject;
  readonly api: BotApi;
}

type Tools = Pick<TestContext, "onTestFinished"> & {
  readonly newProject: (config?: object) => Promise<FlowProject>;
};

/** A project whose config names a bot at a server that answers as Telegram does, with a flow. */
export async function toldProject(
  { newProject, onTestFinished }: Tools,
  flow: string,
  more: object = {},
): Promise<Told> {
  const api = await BotApi.start();
  const project = await newProject();
  const { rig } = project;
  rig.gateway.onHook = answerAtOnce();
  rig.write("bot", `${TOKEN}\n`);
  rig.writeConfig({
    ...JSON.parse(rig.read("delegate.config.json")),
    telegram: { token: { file: "bot" }, apiRoot: api.root, chatId: CHAT },
    ...more,
  });
  project.writeFlow("build", flow);
  onTestFinished(async () => {
    await until(() => {
      for (const pid of workersOf(project)) signalIfThere(pid);
      return workersOf(project).length === 0;
    }, "the end of all workers");
    await api.down();
  });
  return { project, api };
}

/** The workers of a project, also those that nobody waits for. */
export function workersOf({ rig }: FlowProject): readonly number[] {
  const pids = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return pids.map(Number).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return words.includes("worker") && words.includes(join(rig.folder, "delegate.config.json"));
    } catch {
      return false;
    }
  });
}

export const words = ["run", "build", "--run-id", "t-296", "-i", "task=Add --json"];
export const told = [...words, "--notify", "telegram"];

/** Waits until a message says this now. */
export async function says({ api }: Told, text: string): Promise<ChatMessage> {
  const find = (): ChatMessage | undefined =>
    api.messages.find((message) => message.text.includes(text));
  await until(() => find() !== undefined, `a message with "${text}"`);
  const found = find();
  if (found === undefined) throw new Error("it was there a moment ago");
  return found;
}

/** The first lines of all messages, without how long something took. */
export function headlines({ api }: Told): readonly string[] {
  return api.messages.map(({ text }) => (text.split("\n")[0] ?? "").replace(/, \d.*$/, ""));
}

/** What people were told in the small window over the button, in order. */
export function windows({ api }: Told): readonly unknown[] {
  return api.of("answerCallbackQuery").map(({ payload }) => payload["text"]);
}

/** The flow runs whose end is still to be told. */
export function untold({ project }: Told): readonly string[] {
  const folder = join(project.rig.handoffDir, ".flows/.telegram");
  return existsSync(folder) ? readdirSync(folder) : [];
}
