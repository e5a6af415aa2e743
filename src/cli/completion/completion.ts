import { unreachable } from "../../unreachable.ts";
import type { CompletionShell } from "../command.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

/** The script that teaches a shell the commands and options; names and ids are asked for as they are needed. */
export function completionScript(shell: CompletionShell): string {
  switch (shell) {
    case "bash":
      return bashCompletion();
    case "zsh":
      return zshCompletion();
    case "fish":
      return fishCompletion();
    default:
      return unreachable(shell);
  }
}
