import type { RunEvent } from "../events/event.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import type { ReportTools } from "./report-tools.ts";

/** What the report of one run needs. */
export interface RunReportTools extends ReportTools {
  /** The run's events so far, for who comes in its middle. */
  readonly history: () => readonly RunEvent[];
  /** The result that the agent handed over, or null. */
  readonly result: () => string | null;
  /** To whom questions go. */
  readonly rules: QuestionSettings;
  readonly newKey: () => string;
}
