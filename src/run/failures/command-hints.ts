/** What the local gateway knows to be wrong with a command or its config, so that it would fail the same way again. */
export type CommandProblem =
  | "not_found"
  | "not_executable"
  | "no_folder"
  | "printed_too_much"
  | "no_command"
  | "argument_too_long"
  | "zero_byte"
  | "variable_not_set";

/**
 * What to do about a problem that a handoff names; null where it names none that is known here. Agents write handoffs,
 * too: so a handoff has only the problem's name, and these are our words.
 */
export function commandHint(problem: unknown, agent: string): string | null {
  return isCommandProblem(problem) ? hints[problem](`agents.${agent}`) : null;
}

function isCommandProblem(problem: unknown): problem is CommandProblem {
  return typeof problem === "string" && Object.hasOwn(hints, problem);
}

const hints: Readonly<Record<CommandProblem, (key: string) => string>> = {
  not_found: (key) =>
    `install it, or give its full path in "${key}.command"; the local gateway looks in the PATH with which it was started: after a change run "delegate gateway stop"`,
  not_executable: (key) =>
    `make it executable (chmod +x), or name its interpreter in "${key}.command"`,
  no_folder: (key) => `make that folder, or change "${key}.cwd"`,
  printed_too_much: (key) => `raise "${key}.maxOutputBytes", or have it print less`,
  no_command: (key) => `set "${key}.command"`,
  argument_too_long: (key) => `set "${key}.prompt" to "stdin", or pass large material as a file`,
  zero_byte: (key) => `set "${key}.prompt" to "stdin", or take the zero byte out of the task`,
  variable_not_set: () => 'set it, run "delegate gateway stop", and call again',
};
