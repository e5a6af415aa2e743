import type { OfferedTool, ToolCall } from "./conversation.ts";

type Input = ToolCall["input"];

/** How the tools that agents have are told to put a text into a file, by the tool's name. */
const waysToWrite: Readonly<Record<string, (path: string, text: string) => Input>> = {
  // claude
  Write: (file_path, content) => ({ file_path, content }),
  Edit: (file_path, new_string) => ({ file_path, old_string: "", new_string }),
  Bash: (path, text) => ({ command: shellCommand(path, text), description: "write a file" }),
  ExitPlanMode: () => ({ plan: "Write the file." }),
  // qwen and gemini
  write_file: (file_path, content) => ({ file_path, content }),
  replace: (file_path, new_string) => ({ file_path, old_string: "", new_string }),
  run_shell_command: (path, text) => ({
    command: shellCommand(path, text),
    description: "write a file",
    is_background: false,
  }),
  exit_plan_mode: () => ({ plan: "Write the file." }),
  // opencode
  write: (filePath, content) => ({ filePath, content }),
  edit: (path, text) => ({
    filePath: path,
    oldString: "",
    newString: text,
    file_path: path,
    old_string: "",
    new_string: text,
  }),
  bash: (path, text) => ({ command: shellCommand(path, text), description: "write a file" }),
  // codex
  exec_command: (path, text) => ({ cmd: shellCommand(path, text) }),
  apply_patch: (path, text) => {
    const lines = text.split("\n").map((line) => `+${line}`);
    return ["*** Begin Patch", `*** Add File: ${path}`, ...lines, "*** End Patch"].join("\n");
  },
};

/** What a model reaches for first; a shell only where there is nothing else. */
const preferred = ["write", "write_file", "Write", "exec_command"];

/** The tool with which a file is written best, or null when none is offered. */
export function chooseWriter(tools: readonly OfferedTool[]): OfferedTool | null {
  const found = preferred.map((name) => tools.find((tool) => tool.name === name));
  return found.find((tool) => tool !== undefined) ?? null;
}

/** A call of a tool by its name, whether it is offered or not, that would write the file. */
export function callToWrite(
  name: string,
  tools: readonly OfferedTool[],
  file: { readonly path: string; readonly text: string },
): ToolCall {
  const tool = tools.find((each) => each.name === name) ?? notOffered(name);
  const input = waysToWrite[name]?.(file.path, file.text) ?? {};
  if (typeof input === "string" || tool.parameters.length === 0)
    return { kind: "call", tool, input };
  const known = Object.entries(input).filter(([key]) => tool.parameters.includes(key));
  return { kind: "call", tool, input: Object.fromEntries(known) };
}

function notOffered(name: string): OfferedTool {
  return { name, namespace: null, parameters: [], isFreeform: name === "apply_patch" };
}

function shellCommand(path: string, text: string): string {
  return `cat > '${path}' <<'END_OF_FILE'\n${text}\nEND_OF_FILE`;
}
