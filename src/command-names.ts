/** The words of a command line that are commands. */
export const commandNames: ReadonlySet<string> = new Set([
  "wait",
  "show",
  "list",
  "logs",
  "watch",
  "questions",
  "answer",
  "skip",
  "cancel",
  "prune",
  "agents",
  "acl",
  "doctor",
  "handoff",
  "init",
  "gateway",
  "completion",
  "demo",
  "help",
]);

/** The same with those that are to come; no agent may have such a name. */
export const reservedNames: ReadonlySet<string> = new Set([...commandNames, "flow"]);
