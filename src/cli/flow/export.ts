import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf } from "../../thrown.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { exportMarkdown } from "../../flows/view/export-markdown.ts";
import { storageFailure } from "../../run/stored/run-folder.ts";
import { plainJson } from "../../text/plain.ts";
import { reportFailure } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowExportCommand } from "./command.ts";
import { readKnownFlow } from "./known-flow.ts";
import { loadEvaluator } from "../../flows/expression/load-evaluator.ts";
import { withFlowsToLook } from "./open-flows.ts";
import { printText } from "./print-outcome.ts";
import { reportSoFar } from "./report-so-far.ts";

/** `delegate flow export <id>`: a flow run as one document. */
export async function exportFlow(command: FlowExportCommand, shell: Shell): Promise<number> {
  const { flowRunId, format, output } = command;
  const refuse = (reason: Failure): number => reportFailure(reason, shell);
  return withFlowsToLook(command, shell, refuse, async ({ store }) => {
    const state = await readKnownFlow(store, flowRunId);
    if (!state.ok) return refuse(state.failure);
    const events = await store.events(flowRunId, 0);
    if (!events.ok) return refuse(events.failure);
    const report = reportSoFar(state.value, await loadEvaluator());
    const record = { state: state.value, events: events.value, report };
    const text = format === "markdown" ? exportMarkdown(record) : jsonOf(record);
    if (output === null) {
      printText(text, shell);
      return 0;
    }
    const written = write(resolve(shell.cwd, output), text);
    return written.ok ? 0 : refuse(written.failure);
  });
}

function jsonOf({ state, events, report }: Parameters<typeof exportMarkdown>[0]): string {
  const { request, tasks, end } = state;
  return `${plainJson({
    schema: "delegate.flow-export.v1",
    request,
    end,
    report,
    tasks: [...tasks.values()],
    events,
  })}\n`;
}

/** Never over a file that is there. */
function write(path: string, text: string): Result<null> {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return success(null);
  } catch (error) {
    const isThere = codeOf(error) === "EEXIST";
    return failure(
      isThere
        ? {
            code: "usage",
            message: `${path} is there already`,
            hint: "name another file, or move that one away",
          }
        : { ...storageFailure(path, error), hint: "correct the path, or make room for it" },
    );
  }
}
