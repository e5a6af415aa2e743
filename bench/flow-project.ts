import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FlowEvent } from "../src/flows/event.ts";
import { loadEvaluator } from "../src/flows/expression/load-evaluator.ts";
import { flowsFolder } from "../src/flows/steps/step-folder.ts";
import type { FlowStore } from "../src/flows/store.ts";
import { openSqliteStore } from "../src/flows/store/sqlite/sqlite-store.ts";
import { nowMs } from "./measure.ts";
import { Project } from "./project.ts";
import { valueOf } from "./value-of.ts";

/** A step as it stands in a flow's file. */
type WrittenStep = Readonly<Record<string, string | number | readonly string[]>>;

/** A project with flows and their store, of which the benchmark reads the events. */
export class FlowProject extends Project {
  readonly storePath: string;
  readonly store: FlowStore;

  constructor() {
    // No agent is asked.
    super("http://127.0.0.1:9");
    this.storePath = join(flowsFolder(this.handoffDir), "flows.sqlite");
    this.store = valueOf(openSqliteStore({ path: this.storePath, loadEvaluator }));
  }

  /** Writes the file of a flow; the value is its name. */
  writeFlow(name: string, steps: Readonly<Record<string, WrittenStep>>): string {
    const file = `${name}.json`;
    const flow = { name, description: "for the benchmark", steps };
    writeFileSync(join(this.folder, file), JSON.stringify(flow), { mode: 0o600 });
    return file;
  }

  async events(flowRunId: string): Promise<readonly FlowEvent[]> {
    return valueOf(await this.store.events(flowRunId, 0));
  }

  /** The first event of this kind, as soon as there is one. */
  async untilEvent(flowRunId: string, isWanted: (event: FlowEvent) => boolean): Promise<FlowEvent> {
    const giveUpAt = nowMs() + 30_000;
    for (;;) {
      const event = (await this.events(flowRunId)).find(isWanted);
      if (event !== undefined) return event;
      if (nowMs() > giveUpAt) throw new Error(`${flowRunId} does not come to what is measured`);
      await sleep(10);
    }
  }

  /** Resolves when the newest flow run is complete; looks so that it costs the worker nothing. */
  async untilNewestIsComplete(): Promise<void> {
    const giveUpAt = nowMs() + 30_000;
    for (;;) {
      const [newest] = valueOf(await this.store.list({ name: null, status: null, limit: 1 }));
      if (newest?.status === "complete") return;
      if (nowMs() > giveUpAt) throw new Error("a flow run does not come to its end");
      await sleep(20);
    }
  }

  /** From the creation of a flow run to its end. */
  async spanMs(flowRunId: string): Promise<number> {
    const events = await this.events(flowRunId);
    const last = events.at(-1);
    if (last?.type !== "flow_ended" || last.end.status !== "complete")
      throw new Error(`${flowRunId} is not complete`);
    return msBetween(events[0], last);
  }

  override dispose(): void {
    void this.store.close();
    super.dispose();
  }
}

/** Milliseconds from one event to a later one. */
export function msBetween(from: FlowEvent | undefined, to: FlowEvent): number {
  return Date.parse(to.at) - Date.parse(from?.at ?? "");
}
