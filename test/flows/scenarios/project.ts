import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { FlowEvent } from "../../../src/flows/event.ts";
import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import { openSqliteStore } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import type { FlowSignal } from "../../../src/flows/signal.ts";
import type { FlowStore } from "../../../src/flows/store.ts";
import type { TaskKey } from "../../../src/flows/task.ts";
import type { CliEnd, CliOptions, InsideOptions, RunningCli } from "../../rig/rig.ts";
import { PATIENCE_MS } from "../../rig/patience.ts";
import { Rig } from "../../rig/rig.ts";

/** The document that a command about a flow run prints. */
interface FlowDocument {
  readonly status: string;
  readonly flowRunId?: string;
  readonly name?: string;
  readonly report?: string | null;
  readonly steps?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly problems?: readonly { readonly at: string; readonly message: string }[];
  };
}

/** How a command ended that prints one document. */
export interface DocumentEnd {
  readonly exitCode: number | null;
  readonly document: FlowDocument;
  readonly stderr: string;
}

/** A temporary project with flows, agents that are commands, and the real command. */
export class FlowProject {
  readonly rig: Rig;
  #store: FlowStore | null = null;

  constructor(rig: Rig) {
    this.rig = rig;
    mkdirSync(join(rig.folder, "flows"));
  }

  /** Writes a flow that can be run by its name; the value is its path. */
  writeFlow(name: string, body: string): string {
    return this.rig.write(`flows/${name}.yaml`, `name: ${name}\n${body}`);
  }

  /** Runs `delegate flow …` to its end. */
  run(words: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
    return this.rig.run(["flow", ...words], options);
  }

  /** Carries out `delegate flow …` within this process. */
  inside(words: readonly string[], options: InsideOptions = {}): Promise<CliEnd> {
    return this.rig.inside(["flow", ...words], options);
  }

  /** Starts `delegate flow …` and leaves it running. */
  start(words: readonly string[], options: CliOptions = {}): RunningCli {
    return this.rig.start(["flow", ...words], options);
  }

  /** Runs `delegate flow …` and reads the one document on its stdout. */
  async json(words: readonly string[], options: CliOptions = {}): Promise<DocumentEnd> {
    return documentOf(this.start(words, options));
  }

  /** Carries out `delegate flow …` within this process, and reads the one document on its stdout. */
  jsonInside(words: readonly string[], options: InsideOptions = {}): Promise<DocumentEnd> {
    return documentOf({ end: this.inside(words, options) });
  }

  /** The events of a flow run; none while it is not there. */
  async events(flowRunId: string): Promise<readonly FlowEvent[]> {
    const events = await this.#open()?.events(flowRunId, 0);
    return events?.ok === true ? events.value : [];
  }

  /** Decides something about a flow run that is there, as somebody elsewhere does. */
  async signal(flowRunId: string, signal: FlowSignal): Promise<void> {
    await this.#open()?.signal(flowRunId, signal);
  }

  /** Waits until something of this type has happened in a flow run so often, to this step if one is named. */
  async hasHappened(
    flowRunId: string,
    type: FlowEvent["type"],
    key?: TaskKey,
    times = 1,
  ): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while ((await this.#count(flowRunId, type, key)) < times) {
      if (performance.now() > deadline)
        throw new Error(
          `${type} ${key ?? ""} in ${flowRunId} did not come about, but ${JSON.stringify(await this.events(flowRunId))}`,
        );
      await sleep(10);
    }
  }

  /** Waits until a worker is there that takes whatever comes. */
  async hasWorker(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.#open()?.hasWorker(null);
      if (answer?.ok === true && answer.value) return;
      if (performance.now() > deadline) throw new Error("no worker came");
      await sleep(10);
    }
  }

  async dispose(): Promise<void> {
    await this.#store?.close();
    await this.rig.dispose();
  }

  async #count(flowRunId: string, type: FlowEvent["type"], key?: TaskKey): Promise<number> {
    const events = await this.events(flowRunId);
    return events.filter(
      (event) =>
        event.type === type && (key === undefined || ("key" in event && event.key === key)),
    ).length;
  }

  #open(): FlowStore | null {
    const path = join(this.rig.handoffDir, ".flows/flows.sqlite");
    if (this.#store !== null || !existsSync(path)) return this.#store;
    const store = openSqliteStore({ path, loadEvaluator: async () => createEvaluator() });
    if (store.ok) this.#store = store.value;
    return this.#store;
  }
}

/** What a running command answers at its end; it is always as the published schema says. */
export async function documentOf({ end }: { readonly end: Promise<CliEnd> }): Promise<DocumentEnd> {
  const { exitCode, stdout, stderr } = await end;
  const document: FlowDocument = JSON.parse(stdout);
  expect(isOutcome(document), JSON.stringify(isOutcome.errors)).toBe(true);
  return { exitCode, document, stderr };
}

const schema: object = JSON.parse(
  readFileSync(new URL("../../../schemas/flow-outcome.schema.json", import.meta.url), "utf8"),
);
const isOutcome = new Ajv2020({
  allErrors: true,
  strictTypes: false,
  strictRequired: false,
}).compile(schema);

/** Tests, several at a time, each with a project; at their end nothing of these is left. */
export const flowScenario = test.extend("newProject", async ({ task: _task }, { onCleanup }) => {
  const projects: FlowProject[] = [];
  onCleanup(async () => {
    await Promise.all(projects.map((project) => project.dispose()));
  });
  return async (config: object = {}): Promise<FlowProject> => {
    const project = new FlowProject(await Rig.create(config));
    projects.push(project);
    return project;
  };
}).concurrent;
