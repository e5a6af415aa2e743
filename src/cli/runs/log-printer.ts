import { toIso } from "../../clock.ts";
import type { RunEvent } from "../../events/event.ts";
import { describeEvent } from "../../events/wording.ts";
import type { AgentNames } from "../../follow/agent-names.ts";
import type { StoredEvent } from "../../follow/stored-event.ts";
import { instantOf, readStoredEvent } from "../../follow/stored-event.ts";
import { runIdPattern } from "../../handoff/paths.ts";
import { escapeInJson, plainLine } from "../../text/plain.ts";
import type { Writer } from "../terminal/writer.ts";

/** Which events to print, and how. */
export interface LogSelection {
  /** Nothing that happened earlier, in milliseconds since 1970; null for everything. */
  readonly fromMs: number | null;
  readonly afterSeq: number | null;
  readonly agent: string | null;
  readonly isJson: boolean;
  readonly agents: AgentNames;
  /** Whether lines say of which run they speak. */
  readonly namesRuns: boolean;
}

/** Prints events out of the lines that keep them. */
export class LogPrinter {
  readonly #selection: LogSelection;
  readonly #from: string;
  readonly #writer: Writer;

  constructor(selection: LogSelection, writer: Writer) {
    this.#selection = selection;
    this.#from = selection.fromMs === null ? "" : toIso(selection.fromMs);
    this.#writer = writer;
  }

  /** Prints what is selected; returns every event that was read, in a single run also those that are not printed. */
  print(lines: readonly string[]): readonly RunEvent[] {
    const events: RunEvent[] = [];
    let text = "";
    for (const line of lines) {
      if (this.#selection.namesRuns && this.#isTooEarly(instantOf(line))) continue;
      const stored = readStoredEvent(line);
      if (stored === null) continue;
      if (stored.event !== null) events.push(stored.event);
      if (this.#isSelected(stored)) text += this.#describe(stored);
    }
    if (text !== "") this.#writer.write(text);
    return events;
  }

  /** Instants of the same form compare as texts. */
  #isTooEarly(at: string | null): boolean {
    return at !== null && at < this.#from;
  }

  #isSelected(stored: StoredEvent): boolean {
    const { afterSeq, agent, agents } = this.#selection;
    return (
      !this.#isTooEarly(stored.at) &&
      (afterSeq === null || stored.seq > afterSeq) &&
      // Only such ids are ours; another must not lead into another folder.
      runIdPattern.test(stored.runId) &&
      (agent === null || agents.nameFor(stored) === agent)
    );
  }

  #describe(stored: StoredEvent): string {
    const { isJson, agents, namesRuns } = this.#selection;
    if (isJson) return `${escapeInJson(stored.line)}\n`;
    if (stored.event === null) return "";
    const words = describeEvent(stored.event);
    if (!namesRuns) return `${plainLine(`${stored.at} ${words}`)}\n`;
    const agent = agents.nameFor(stored);
    return `${plainLine(`${stored.at} ${stored.runId} ${agent === null ? "" : `${agent}: `}${words}`)}\n`;
  }
}
