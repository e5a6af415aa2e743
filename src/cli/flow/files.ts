import { loadFlow } from "../../flows/file/load-flow.ts";
import type { FlowFolders } from "../../flows/file/locate.ts";
import { flowNames, locateFlow } from "../../flows/file/locate.ts";
import { cellsOf, padCells } from "../../text/width.ts";
import { plainLine } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowFilesCommand } from "./command.ts";
import { configIfAny } from "./config-if-any.ts";
import { flowFoldersOf } from "./flow-folders.ts";

/** A flow that can be run by its name. */
interface KnownFlow {
  readonly name: string;
  /** Null when its file can't be read as a flow. */
  readonly description: string | null;
  readonly category: string | null;
  readonly path: string;
}

/** `delegate flow files`: the flows that can be run by their names. */
export async function listFlowFiles(command: FlowFilesCommand, shell: Shell): Promise<number> {
  const config = configIfAny(command, shell);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const folders = flowFoldersOf(config.value);
  const flows = await readAll(folders);
  if (command.isJson) {
    reportJson({ flows }, shell);
    return 0;
  }
  const cells = Math.max(0, ...flows.map(({ name }) => cellsOf(name)));
  for (const { name, description } of flows) {
    const words = description ?? `is not right: delegate flow validate ${name}`;
    shell.stdout.write(`${padCells(name, cells)}  ${plainLine(words)}\n`);
  }
  return 0;
}

async function readAll(folders: FlowFolders): Promise<readonly KnownFlow[]> {
  const flows: KnownFlow[] = [];
  for (const name of flowNames(folders)) {
    const path = locateFlow(name, "/", folders);
    if (!path.ok) continue;
    const loaded = await loadFlow(path.value, folders);
    const { description = null, category = null } = loaded.ok ? loaded.flow : {};
    flows.push({ name, description, category, path: path.value });
  }
  return flows;
}
