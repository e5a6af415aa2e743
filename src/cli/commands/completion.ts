import { completionScript } from "../completion/completion.ts";
import type { Command } from "../command.ts";
import type { Shell } from "../shell.ts";

/** `delegate completion bash|zsh|fish`. */
export async function runCompletion(
  command: Command & { name: "completion" },
  shell: Shell,
): Promise<number> {
  shell.stdout.write(completionScript(command.shell));
  return 0;
}
