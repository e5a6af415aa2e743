import { setTimeout as sleep } from "node:timers/promises";

/** What the suites need to know about the gateway that main.ts started for them. */
export interface Rig {
  readonly origin: string;
  readonly hookToken: string;
  readonly gatewayPid: number;
  readonly modelOrigin: string;
  /** The workspace of the agent `fenced`, which may write nowhere else. */
  readonly fencedWorkspace: string;
  /** An empty folder for the suites, that agents may write to. */
  readonly folder: string;
}

const VARIABLE = "DELEGATE_TEST_OPENCLAW";

/** The environment that hands a rig on to the suites' process. */
export function rigEnvironment(rig: Rig): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(rig) };
}

/** The rig of this process. */
export function readRig(): Rig {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error("these suites are started by `npm run test:openclaw`");
  const rig: Rig = JSON.parse(text);
  return rig;
}

/** The tasks that agents have begun so far and that contain a text, as the stand-in model saw them. */
export async function begunTasks(rig: Rig, containing: string): Promise<string[]> {
  const tasks = await askModel(rig, "/tasks");
  return tasks.filter((task) => task.includes(containing));
}

/** Waits until an agent has begun a task that contains a text. */
export async function taskBegun(rig: Rig, containing: string): Promise<void> {
  while ((await begunTasks(rig, containing)).length === 0) await sleep(50);
}

/** Waits until the gateway has given up every task with a text that the model was thinking about. */
export async function taskGivenUp(rig: Rig, containing: string): Promise<void> {
  const isThoughtAbout = async (): Promise<boolean> =>
    (await askModel(rig, "/thoughts")).some((task) => task.includes(containing));
  while (await isThoughtAbout()) await sleep(50);
}

async function askModel({ modelOrigin }: Rig, path: string): Promise<string[]> {
  const answer = await fetch(`${modelOrigin}${path}`);
  const tasks: unknown = await answer.json();
  if (!Array.isArray(tasks)) throw new Error("the stand-in model answers no list");
  return tasks.map(String);
}
