import type { RunEvent } from "../events/event.ts";

/** How it went with the processes that drove a run. */
interface DriverFate {
  /** The latest of them. */
  readonly generation: number;
  /** Whether it left in an orderly way, or ended the run. */
  readonly isDone: boolean;
  /** How many of those before it ended without a word. */
  readonly deaths: number;
}

/** How often a process that drove the run ended without a word, before somebody else took over. */
export function countDeaths(events: readonly RunEvent[]): number {
  return fateOf(events).deaths;
}

/** Whether the latest process that drove a run ended without a word, if another one takes over now. */
export function endedSilently(events: readonly RunEvent[]): boolean {
  return !fateOf(events).isDone;
}

function fateOf(events: readonly RunEvent[]): DriverFate {
  return events.reduce(applyToFate, { generation: 1, isDone: false, deaths: 0 });
}

function applyToFate(fate: DriverFate, event: RunEvent): DriverFate {
  switch (event.type) {
    case "driver_left":
      return event.generation === fate.generation ? { ...fate, isDone: true } : fate;
    case "run_ended":
      return { ...fate, isDone: true };
    case "driver_took_over": {
      const { generation } = event;
      return { generation, isDone: false, deaths: fate.deaths + (fate.isDone ? 0 : 1) };
    }
    default:
      return fate;
  }
}
